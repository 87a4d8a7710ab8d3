import { expect, test } from 'vitest';
import { explanationAnswer } from '../client/answers/employees.ts';
import { renderExplanation } from './render-explanation.ts';

const base = { understood: [], triggers: [], limits: [], not_understood: [], missing_connections: [] };
const shown = (model: object) => renderExplanation(explanationAnswer.parse({ ...base, model })).join('\n');

test('an explanation says what a model added, or why it was not used', () => {
  const added_skills = [{ skill: 'own_count', capabilities: ['slack/slack.post'] }];
  expect(shown({ name: 'm', used: true, added_skills })).toContain('m added own_count -> slack/slack.post');
  expect(shown({ name: 'm', used: false, reason: 'it said\u001b[2J nothing', added_skills: [] })).toMatch(
    /m was not used: it said.* nothing/,
  );
  expect(renderExplanation(explanationAnswer.parse(base)).join('\n')).not.toContain('Model');
});
