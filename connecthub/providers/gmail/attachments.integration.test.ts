import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFileKeeper, type FileKeeper } from '../../testing/file-keeper.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { HubCopy } from '../../testing/hub-copy.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let keeper: FileKeeper;
let hub: HubCopy;
let office: Office;
let asking: Office;
beforeAll(async () => {
  [harness, keeper] = await Promise.all([hubHarness(), startFileKeeper()]);
  hub = await harness.copy({ AGENT_CORE_URL: keeper.url });
  office = await harness.office({ provider: 'gmail' });
  asking = await harness.office({ provider: 'gmail', rules: [] });
}, 120_000);
afterAll(async () => {
  await harness.close();
  await keeper.close();
});

const MAIL = { to: 'rosa@harbourcafe.example', subject: 'The report', body: 'Here it is.' };
const file = (blob: string, name = 'report.pdf') => ({ blob, name, media_type: 'application/pdf' });
const give = (content: Buffer, to = office) => keeper.give(to.runId, content);
const send = (attachments: object[], callId = office.callId()) =>
  office.call('email.send', { ...MAIL, attachments: attachments as [] }, { hub, callId });
const sentOf = (to: Office) => harness.surroundings.sandbox.gmail.effects(to.team);

describe('an email with files', () => {
  it('arrives with them as they were given, once, and a repeat asks for no file', async () => {
    const [small, large] = [give(Buffer.from('%PDF-1.7')), give(randomBytes(1_000_000))];
    const callId = office.callId();
    const answers = [
      await send([file(small, 'Bericht für März.pdf'), file(large, 'all.bin')], callId),
      await send([file(small, 'Bericht für März.pdf'), file(large, 'all.bin')], callId),
    ];
    expect(answers.map(({ json }) => [json['status'], json['replayed']])).toEqual([
      ['succeeded', false],
      ['succeeded', true],
    ]);
    expect(await sentOf(office)).toMatchObject([
      {
        subject: MAIL.subject,
        text: MAIL.body,
        attachments: [
          { filename: 'Bericht für März.pdf', mimeType: 'application/pdf', bytes: 8, sha256: small },
          { filename: 'all.bin', bytes: 1_000_000, sha256: large },
        ],
      },
    ]);
    expect(keeper.asked).toBe(2);
    const { rows } = await harness.owner.query(`select row_to_json(r)::text as receipt from hub.receipts r where org_id = $1`, [
      office.orgId,
    ]);
    expect(JSON.stringify(rows).length).toBeLessThan(20_000);
  });

  it('is not sent where a file is another organisation’s, nobody’s or too large, or cannot be fetched now', async () => {
    const before = (await sentOf(office)).length;
    const theirs = give(Buffer.from('secret'), asking);
    for (const blob of [theirs, 'a'.repeat(64), give(Buffer.alloc(19_500_000))]) {
      expect((await send([file(blob)])).json).toMatchObject({ status: 400, code: 'parameters_invalid' });
    }
    keeper.isAway = true;
    const callId = office.callId();
    const own = file(give(Buffer.from('later')));
    expect((await send([own], callId)).json).toMatchObject({ status: 503, code: 'dependency_unavailable' });
    keeper.isAway = false;
    expect(await sentOf(office)).toHaveLength(before);
    expect((await send([own], callId)).json).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['a path', { name: '../../x.pdf' }],
    ['a line break', { name: 'x\r\nBcc: all@outside.example' }],
    ['letters that turn the reading round', { name: 'x\u202efdp.exe' }],
    ['no media type', { media_type: 'application' }],
    ['a header in its media type', { media_type: 'text/plain; x="\r\n"' }],
    ['no hash', { blob: 'report' }],
    ['bytes beside it', { bytes: 'aGVsbG8=' }],
  ])('refuses a file with %s', async (_what, more) => {
    const blob = give(Buffer.from('x'));
    expect((await send([{ ...file(blob), ...more }])).json).toMatchObject({ status: 400, code: 'parameters_invalid' });
  });

  it('is approved with exactly its files: another one is another question', async () => {
    const [shown, other] = [give(Buffer.from('shown'), asking), give(Buffer.from('other'), asking)];
    const callId = asking.callId();
    const ask = (blob: string) => asking.call('email.send', { ...MAIL, attachments: [file(blob)] }, { hub, callId });
    const asked = keeper.asked;
    const question = (await ask(shown)).json;
    expect(question).toMatchObject({ code: 'approval_required', approval: { parameters: { attachments: [file(shown)] } } });
    expect(keeper.asked).toBe(asked);
    await asking.approve(Object(question['approval']), callId);
    expect((await ask(other)).json).toMatchObject({ code: 'approval_mismatch' });
    expect((await ask(shown)).json).toMatchObject({ status: 'succeeded' });
    expect(await sentOf(asking)).toMatchObject([{ attachments: [{ sha256: shown }] }]);
  });
});
