import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { employeeDefinitionSchema, explanationSchema } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { wordsOf } from './compose/literals.ts';
import { canonicalHash } from '../../contracts/digest.ts';
import { buildEmployee, type BuiltEmployee } from './build-employee.ts';
import { checkEmployee } from './checker/check-employee.ts';
import { builderCases, type BuilderCase } from './testing/cases.ts';
import { officeCatalogue } from './testing/office-catalogue.ts';
import { slackCatalogue } from './testing/slack-catalogue.ts';

const catalogue = slackCatalogue();
const build = (jobDescription: string): BuiltEmployee => buildEmployee({ jobDescription, catalogue });

function expectTriggers({ explanation }: BuiltEmployee, wanted: NonNullable<BuilderCase['triggers']>): void {
  const schedules = explanation.triggers.flatMap((trigger) =>
    trigger.type === 'schedule' ? [[trigger.cron, trigger.timezone]] : [],
  );
  expect(schedules).toEqual(wanted.filter((trigger) => typeof trigger !== 'string'));
  const abouts = explanation.triggers.flatMap((trigger) => (trigger.type === 'external_event' ? [trigger.about] : []));
  const events = wanted.filter((trigger) => typeof trigger === 'string');
  expect(abouts).toHaveLength(events.length);
  for (const event of events) expect(abouts.join('\n')).toContain(event.replace('event: ', ''));
}

describe('a job description becomes an employee', () => {
  it.each(builderCases.map((entry) => [entry.title, entry] as const))('%s', (_, entry) => {
    const built = build(entry.text);
    expect(built.definition.capabilities.map((name) => name.split('/')[1])).toEqual(entry.capabilities);
    expect(built.definition.graph.nodes).toHaveLength(entry.skills);
    if (entry.triggers) expectTriggers(built, entry.triggers);
    for (const [effect, capability, part] of entry.policy ?? []) {
      const rule = built.definition.policy.find(
        (one) =>
          one.effect === effect && one.capability === capability && (part === undefined || one.when?.includes(part) === true),
      );
      expect(rule).toBeDefined();
    }
    const reported = built.explanation.not_understood.map(({ sentence }) => sentence).join('\n');
    for (const passage of entry.notUnderstood ?? []) expect(reported).toContain(passage);
    expect(built.definition).toEqual(employeeDefinitionSchema.parse(built.definition));
    expect(built.explanation).toEqual(explanationSchema.parse(built.explanation));
    expect(checkEmployee(built.definition, catalogue)).toEqual([]);
  });

  it('says nothing_understood with a next step when no sentence is a duty', () => {
    const attempt = (): BuiltEmployee => build('Gardener\n\nMow the lawn twice a week and trim the hedges.');
    expect(attempt).toThrow(ClancyError);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'nothing_understood',
        details: expect.objectContaining({ next: expect.stringContaining('#support') }),
      }),
    );
  });

  it('refuses a text that is longer than any job description', () => {
    expect(() => build('Post a digest of #a in #b. '.repeat(1_000))).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    );
  });

  it('is the same for the same text, and another for another', () => {
    const text = 'Post a digest of #a in #b every day at 9:00.';
    expect(canonicalHash(build(text).definition)).toBe(canonicalHash(build(text).definition));
    expect(canonicalHash(build(text).definition)).not.toBe(canonicalHash(build(text.replace('#b', '#c')).definition));
  });

  it('takes the zone of the organisation where the text names none', () => {
    const built = buildEmployee({
      jobDescription: 'Post a digest of #a in #b every day at 9:00.',
      catalogue,
      timezoneDefault: 'Asia/Tokyo',
    });
    expect(built.explanation.triggers).toEqual([expect.objectContaining({ cron: '0 9 * * *', timezone: 'Asia/Tokyo' })]);
  });

  it('names the connections that are missing', () => {
    const built = buildEmployee({
      jobDescription: 'Post a digest of #a in #b.',
      catalogue: slackCatalogue({ isConnected: false }),
    });
    const launch = '/oauth/launch/slack?capabilities=slack.post,slack.read';
    expect(built.explanation.missing_connections).toEqual([{ provider: 'slack', launch }]);
  });

  it('understands nothing of Slack where the catalogue has no Slack', () => {
    expect(() => buildEmployee({ jobDescription: 'Post a digest of #a in #b.', catalogue: { providers: [] } })).toThrow(
      expect.objectContaining({ code: 'nothing_understood' }),
    );
  });

  it('keeps a pasted secret out of graph and explanation, and says so', () => {
    const secret = `xoxb-${'1'.repeat(12)}-abcdefgh`;
    const built = build(`Post a digest of #a in #b every day at 9:00. Use the token ${secret} for it.`);
    expect(JSON.stringify(built)).not.toContain(secret);
    expect(built.explanation.not_understood).toEqual([expect.objectContaining({ reason: expect.stringContaining('secret') })]);
  });
});

describe('the digest writer of examples/', () => {
  const text = readFileSync(new URL('../../examples/slack-digest-writer.md', import.meta.url), 'utf8');

  it('has two skills, the second fed by the first', () => {
    const { graph } = build(text).definition;
    expect(graph.nodes.map(({ id }) => id)).toEqual(['channel_digest', 'mark_covered']);
    expect(graph.edges).toEqual([
      { from: 'channel_digest', to: 'mark_covered', when: '$count(skills.channel_digest.output.covered) > 0', loop: false },
    ]);
  });

  it('may post in its channel and nowhere else without being asked', async () => {
    const { policy } = build(text).definition;
    const rule = policy.find(({ effect, capability }) => effect === 'allow' && capability === 'slack/slack.post');
    const allows = async (channel: string): Promise<unknown> =>
      jsonata(rule?.when ?? 'false').evaluate({ parameters: { channel, text: 'x' } });
    expect(await allows('#digest')).toBe(true);
    expect(await allows('#general')).toBe(false);
    expect(rule?.sentence).toContain('Post a short digest');
  });

  it('lets a run name other channels', async () => {
    const [digest] = build(text).definition.graph.nodes;
    const template = wordsOf(digest?.input['channels'] ?? '').slice(1);
    const channels = async (payload: object): Promise<unknown> => jsonata(template).evaluate({ trigger: { payload } });
    expect(await channels({})).toEqual(['#support', '#billing']);
    expect(await channels({ channels: ['#billing'] })).toEqual(['#billing']);
  });

  it('looks back over the weekend on Mondays', async () => {
    const [digest] = build(text).definition.graph.nodes;
    const template = wordsOf(digest?.input['since_hours'] ?? '').slice(1);
    const hours = async (now: string): Promise<unknown> => jsonata(template).evaluate({ trigger: { payload: {} }, now });
    expect(await hours('2026-11-23T16:00:00.000Z')).toBe(72);
    expect(await hours('2026-11-24T16:00:00.000Z')).toBe(24);
  });

  it('reports the duty nobody can do and denies direct messages', () => {
    const { explanation, definition } = build(text);
    expect(explanation.not_understood).toEqual([expect.objectContaining({ sentence: expect.stringContaining('printer paper') })]);
    expect(definition.policy[0]).toMatchObject({
      effect: 'deny',
      capability: 'slack/slack.dm',
      sentence: 'Never send direct messages.',
    });
  });
});

describe('the receivables assistant of examples/', () => {
  const text = readFileSync(new URL('../../examples/receivables-assistant.md', import.meta.url), 'utf8');
  const { definition, explanation } = buildEmployee({ jobDescription: text, catalogue: officeCatalogue() });

  it('has reminders and a summary, both fed by what is found', () => {
    expect(definition.graph.nodes.map(({ id }) => id)).toEqual(['overdue_invoices', 'remind_customers', 'overdue_summary']);
    expect(definition.graph.edges.map(({ from, to }) => [from, to])).toEqual([
      ['overdue_invoices', 'remind_customers'],
      ['overdue_invoices', 'overdue_summary'],
    ]);
    expect(definition.graph.nodes[0]?.input['min_balance']).toContain('500');
    expect(definition.capabilities).toEqual(['gmail/email.send', 'quickbooks/invoice.list', 'slack/slack.post']);
  });

  it('asks before each email, posts in its channel unasked, and changes no book', () => {
    const ruleOf = (name: string) => definition.policy.find(({ capability }) => capability === name);
    expect(ruleOf('gmail/email.send')).toMatchObject({ effect: 'require_approval', sentence: expect.stringContaining('Katrin') });
    expect(ruleOf('slack/slack.post')).toMatchObject({ effect: 'allow', when: expect.stringContaining('"#finance"') });
    expect(ruleOf('quickbooks/invoice.create')).toMatchObject({ effect: 'deny' });
    expect(ruleOf('quickbooks/invoice.send')).toMatchObject({ effect: 'deny' });
  });

  it('proposes its schedule and says what it cannot do', () => {
    expect(explanation.triggers).toEqual([
      expect.objectContaining({ type: 'schedule', cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' }),
    ]);
    expect(explanation.not_understood).toEqual([
      expect.objectContaining({ sentence: expect.stringContaining('Katrin'), question: 'Which user is Katrin?' }),
      expect.objectContaining({ sentence: expect.stringContaining('morning post') }),
    ]);
  });
});
