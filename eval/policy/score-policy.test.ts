import { afterAll, describe, expect, it } from 'vitest';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import { productCatalogue } from '../catalogue.ts';
import { catalogueOf } from '../set/set-catalogue.ts';
import type { PolicyLabel } from '../set/schema.ts';
import { employee, type EmployeeParts } from '../testing/employee.ts';
import { scorePolicy } from './score-policy.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 10_000 });
afterAll(() => expressions.close());

const set = catalogueOf(
  { slack: { 'slack.post': '' }, gmail: { 'email.send': '' }, quickbooks: { 'bill.create': '', 'invoice.send': '' } },
  productCatalogue(),
);
const label = (effect: PolicyLabel['effect'], capability: string, when: string | null = null) => ({ effect, capability, when });

async function score(wanted: PolicyLabel, parts: EmployeeParts): Promise<number> {
  return (await scorePolicy([wanted], employee(parts), set, expressions.evaluate)).got;
}

const BILL = 'quickbooks/bill.create';
const MAIL = 'gmail/email.send';
const POST = 'slack/slack.post';
/** What a bill's lines come to. */
const SUM = '$sum(parameters.lines.amount)';

describe('a rule without a condition', () => {
  it('is met where the capability is not granted', async () => {
    expect(await score(label('deny', 'email.send'), { uses: [POST] })).toBe(1);
  });

  it('is met by the default, which asks before each write', async () => {
    expect(await score(label('require_approval', 'email.send'), { uses: [MAIL] })).toBe(1);
  });

  it('is broken by an allowance, however narrow', async () => {
    const policy = [{ capability: MAIL, effect: 'allow' as const, when: 'parameters.to = "ada@firm.example"' }];
    expect(await score(label('require_approval', 'email.send'), { uses: [MAIL], policy })).toBe(0);
  });

  it('is met by a stricter one and not by a weaker one', async () => {
    const denied = [{ capability: 'gmail/*', effect: 'deny' as const }];
    expect(await score(label('require_approval', 'email.send'), { uses: [MAIL], policy: denied })).toBe(1);
    expect(await score(label('deny', 'email.send'), { uses: [MAIL] })).toBe(0);
  });
});

describe('an amount limit', () => {
  const wanted = label('require_approval', 'bill.create', 'the bill is above 2,000 euros');
  const allow = { capability: BILL, effect: 'allow' as const };

  it('is right where calls above it are asked and the others are not', async () => {
    expect(await score(wanted, { uses: [BILL], policy: [{ ...allow, when: `${SUM} <= 2000` }] })).toBe(1);
  });

  it.each([`${SUM} <= 2000.5`, `${SUM} <= 20000`, `parameters.lines[0].amount <= 2000`])(
    'is wrong where calls above it go through: %s',
    async (when) => {
      expect(await score(wanted, { uses: [BILL], policy: [{ ...allow, when }] })).toBe(0);
    },
  );

  it('is half right where everything is asked', async () => {
    expect(await score(wanted, { uses: [BILL] })).toBe(0.5);
  });

  it('is told by the border itself: "2,000 or more"', async () => {
    const orMore = label('require_approval', 'bill.create', 'the bill is 2,000 euros or more');
    expect(await score(orMore, { uses: [BILL], policy: [{ ...allow, when: `${SUM} <= 2000` }] })).toBe(0);
    expect(await score(orMore, { uses: [BILL], policy: [{ ...allow, when: `${SUM} < 2000` }] })).toBe(1);
  });
});

describe('a limit to recipients and channels', () => {
  const inside = label('deny', 'email.send', 'a recipient is outside firm.example');
  const deny = { capability: MAIL, effect: 'deny' as const };

  it('is right with the domain, copies included', async () => {
    const to = '$not($contains(parameters.to, /@firm\\.example$/i))';
    const cc = '$exists(parameters.cc[$not($contains($, /@firm\\.example$/i))])';
    expect(await score(inside, { uses: [MAIL], policy: [{ ...deny, when: `${to} or ${cc}` }] })).toBe(1);
    expect(await score(inside, { uses: [MAIL], policy: [{ ...deny, when: to }] })).toBe(0);
  });

  it('is wrong where a longer domain passes for it', async () => {
    expect(
      await score(inside, { uses: [MAIL], policy: [{ ...deny, when: '$not($contains(parameters.to, "firm.example"))' }] }),
    ).toBe(0);
  });

  it('knows channels', async () => {
    const when = 'parameters.channel = "#general"';
    const policy = [{ capability: POST, effect: 'deny' as const, when }];
    expect(await score(label('deny', 'slack.post', 'the channel is #general'), { uses: [POST], policy })).toBe(1);
    expect(await score(label('deny', 'slack.post', 'the channel is not #general'), { uses: [POST], policy })).toBe(0);
  });
});

describe('a limit that no call shows', () => {
  const wanted = label('deny', 'email.send', 'the invoice has had 3 reminders');

  it('is met as a condition inside the skill, on its numbers', async () => {
    const before = [{ kind: 'branch' as const, id: 'enough', expression: 'input.reminders >= input.most ? "stop" : "go"' }];
    expect(await score(wanted, { uses: [MAIL], before, input: { most: 3 } })).toBe(1);
    expect(await score(wanted, { uses: [MAIL], before, input: { most: 5 } })).toBe(0);
  });

  it('is not met by a number that nothing decides by', async () => {
    expect(await score(wanted, { uses: ['gmail/email.send'], input: { most: 3 } })).toBe(0);
  });

  it('is met as an instruction, by its words where it has no number', async () => {
    const topic = label('deny', 'email.send', 'the question is about the contract');
    const answer = (instructions: string) => [
      { kind: 'model' as const, id: 'answer', instructions, input: {}, schema: { type: 'object' } },
    ];
    expect(await score(topic, { uses: [MAIL], before: answer('No answer to questions about the contract.') })).toBe(1);
    expect(await score(topic, { uses: [MAIL], before: answer('Answer in a friendly way.') })).toBe(0);
  });

  it('is met by an approval only where a person is asked', async () => {
    const asks = label('require_approval', 'invoice.send', 'the invoice is above 2,000 dollars');
    const branch = { kind: 'branch' as const, id: 'large', expression: 'input.total > 2000 ? "ask" : "send"' };
    const approval = { kind: 'approval' as const, id: 'ask', question: 'Send it?', timeout_seconds: 60 };
    const policy = [{ capability: 'quickbooks/invoice.send', effect: 'allow' as const }];
    const uses = ['quickbooks/invoice.send'];
    expect(await score(asks, { uses, policy, before: [branch, approval] })).toBe(1);
    expect(await score(asks, { uses, policy, before: [branch] })).toBe(0);
    expect(await score(asks, { uses })).toBe(0.5);
  });
});
