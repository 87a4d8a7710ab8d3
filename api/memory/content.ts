import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { memoryValueSchema } from '../../contracts/memory.ts';
import type { Seal, SecretBox, SecretContext } from '../../platform/secrets/secret-box.ts';

/** What a version of an entry says. */
export interface Content {
  key: string;
  value: Json;
}

const contentSchema = z.strictObject({ key: z.string(), value: memoryValueSchema });

const place = (orgId: string, versionId: string): SecretContext => ({
  purpose: 'memory',
  orgId,
  object: versionId,
  field: 'content',
});

export function sealContent(seal: Seal, orgId: string, versionId: string, content: Content): string {
  return seal(place(orgId, versionId), JSON.stringify(content));
}

/** Rejects with `SealedTextError` when the organisation's key was destroyed. */
export async function openContent(
  secrets: Pick<SecretBox, 'open'>,
  orgId: string,
  row: { versionId: string; content: string },
): Promise<Content> {
  return contentSchema.parse(JSON.parse(await secrets.open(place(orgId, row.versionId), row.content)));
}
