import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFileKeeper, type FileKeeper } from '../../connecthub/testing/file-keeper.ts';
import { hubHarness, type HubHarness } from '../../connecthub/testing/harness.ts';
import { catalogueSchema } from '../../contracts/capability.ts';
import { makeSkillRunId } from '../../contracts/ids.ts';
import type { Office } from '../../connecthub/testing/office.ts';
import { capabilityDocument } from './capability-document.ts';
import { examine, getSchemathesis, type Round } from './schemathesis.ts';

let harness: HubHarness;
let keeper: FileKeeper;
let office: Office;
let round: Pick<Round, 'python' | 'url'>;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where Python and the cache are found
  const [python, made, files] = await Promise.all([getSchemathesis(process.env), hubHarness(), startFileKeeper()]);
  [harness, keeper] = [made, files];
  office = await harness.office();
  // A call may name files, which are asked of Agent-Core.
  const hub = await harness.copy({ AGENT_CORE_URL: keeper.url });
  round = { python, url: await hub.app.listen({ host: '127.0.0.1', port: 0 }) };
}, 300_000);
afterAll(async () => {
  await harness.close();
  await keeper.close();
});

const PROVIDERS = ['slack', 'quickbooks', 'gmail', 'calendar', 'github', 'stripe'] as const;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const employee = ({ agentToken, ticket }: Office) => ({ ...bearer(agentToken), 'clancy-run-ticket': ticket });

/** Fails with what the tool printed, which says how to send the request again. */
async function expectKept(asked: Omit<Round, 'python' | 'url'>): Promise<void> {
  const { exitCode, report, cases } = await examine({ ...round, ...asked });
  if (exitCode !== 0) throw new Error(report);
  expect(cases).toBeGreaterThan(100);
  process.stdout.write(`${cases} requests\n`);
}

describe('ConnectHub keeps the promises of its OpenAPI document', () => {
  it('to nobody in particular', () => expectKept({}));

  it('to a person', async () => {
    await office.addMember('user_manager', 'admin');
    const token = await harness.surroundings.personToken({ user_id: 'user_manager', org_id: office.orgId, role: 'admin' });
    await expectKept({ headers: bearer(token) });
  });

  it('to an employee', () => expectKept({ headers: employee(office) }));
});

describe('the proxy takes what the catalogue says and answers as it says', () => {
  it.each(PROVIDERS)('%s', async (provider) => {
    const its = await harness.office({ provider });
    const { providers } = catalogueSchema.parse((await its.asPerson('GET', `/capabilities?provider=${provider}`)).json);
    const document = capabilityDocument({
      openapi: (await its.asPerson('GET', '/openapi.json')).json,
      capabilities: providers.flatMap(({ capabilities }) => capabilities),
      connectionId: its.connectionId,
      skillRun: makeSkillRunId({ run: its.runId, node: 'contract', visit: 1 }),
    });
    await expectKept({ document, headers: employee(its) });
    const { rows } = await harness.owner.query<{ capability: string }>(
      `select distinct capability from hub.receipts where org_id = $1 and outcome = 'succeeded'`,
      [its.orgId],
    );
    const done = rows.map(({ capability }) => capability).toSorted();
    process.stdout.write(`done: ${done.join(', ')}
`);
    expect(rows).not.toHaveLength(0);
  });
});
