import type { Payload } from '@temporalio/common';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import { claimIn, fetchPayload, type PayloadBlobs } from '../../platform/payloads/blob-storage.ts';
import { openPayload, sealedWith } from '../../platform/payloads/sealed-payload.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { OrgPayloadKeys } from './payload-keys.ts';
import { withoutTicket } from './without-ticket.ts';

export interface DecodeDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  payloadKeys: OrgPayloadKeys;
  payloadBlobs: PayloadBlobs;
  /** The organisation of the people who operate the platform: they read payloads of every organisation. */
  platformOperatorOrg?: string;
}

/**
 * Decrypts payloads for a person: those of their own organisation, and every organisation's for the people who operate the
 * platform. Leaves an audit row with each organisation whose payloads were read. Run tickets are left out.
 *
 * @throws ClancyError `forbidden` for a payload of another organisation, `invalid_request` for one that cannot be opened.
 */
export async function decodePayloads(deps: DecodeDeps, reader: OrgScope, payloads: readonly Payload[]): Promise<Payload[]> {
  const resolved: Payload[] = [];
  // One after the other: each may be as large as a file.
  for (const payload of payloads) resolved.push(await resolve(deps, reader, payload));
  const named = resolved.map((payload) => ({ payload, name: nameOf(payload) }));
  const counts = new Map<string, number>();
  for (const { name } of named) if (name) counts.set(name.orgId, (counts.get(name.orgId) ?? 0) + 1);
  for (const orgId of counts.keys()) assertMayRead(deps, reader, orgId);
  const opened = await Promise.all(named.map(async ({ payload, name }) => (name ? open(deps, payload, name) : payload)));
  for (const [orgId, count] of counts) await noteReading(deps, reader, orgId, count);
  return opened.map(withoutTicket);
}

/** What a reference stands for. Whose it is follows from the workflow that it names, encrypted or not. */
async function resolve(deps: DecodeDeps, reader: OrgScope, payload: Payload): Promise<Payload> {
  try {
    const claim = claimIn(payload);
    if (!claim) return payload;
    const orgId = await deps.payloadKeys.orgOfWorkflow(claim.workflowId);
    if (orgId === undefined) throw new SealedTextError();
    assertMayRead(deps, reader, orgId);
    return await fetchPayload(deps.payloadBlobs, claim);
  } catch (error) {
    throw unreadable(error);
  }
}

function assertMayRead(deps: DecodeDeps, reader: OrgScope, orgId: string): void {
  if (orgId === reader.orgId || reader.orgId === deps.platformOperatorOrg) return;
  throw new ClancyError('forbidden', 'These payloads are of another organisation.');
}

function nameOf(payload: Payload): ReturnType<typeof sealedWith> {
  try {
    return sealedWith(payload);
  } catch (error) {
    throw unreadable(error);
  }
}

async function open(deps: DecodeDeps, payload: Payload, name: { orgId: string; kid: string }): Promise<Payload> {
  try {
    const key = await deps.payloadKeys.namedOf(name.orgId, name.kid);
    if (!key) throw new SealedTextError();
    return openPayload(payload, key);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): unknown {
  if (!(error instanceof SealedTextError)) return error;
  return new ClancyError('invalid_request', 'A payload cannot be opened: it was changed, or its key is gone.');
}

async function noteReading(deps: DecodeDeps, reader: OrgScope, orgId: string, payloads: number): Promise<void> {
  const from = orgId === reader.orgId ? {} : { reader_org_id: reader.orgId };
  await deps.db.withOrg({ ...reader, orgId }, async (tx) => {
    tx.audit({
      action: 'payload.decode',
      objectType: 'payload',
      objectId: '-',
      allowed: true,
      details: { payloads, ...from },
    });
  });
}
