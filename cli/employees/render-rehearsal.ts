import type { EffectAnswer, RehearsalAnswer } from '../client/answers/rehearsals.ts';
import { oneLine } from '../output/plain-text.ts';
import { fields, indent, page, section } from '../output/table.ts';

/** What a version would do: what it would ask, its effects with their parameters, and what is different from now. */
export function renderRehearsal(shown: RehearsalAnswer): string {
  const { reads, baseline, comparison } = shown;
  const failed = shown.error ? `${shown.status}: ${shown.error}` : shown.status;
  return page([
    fields([
      ['Rehearsal', shown.run_id],
      ['Version', shown.version],
      ['Status', failed],
      ['Input of', shown.from_run],
      ['Reads', readsText(reads)],
      ['Compared with', baseline ? `version ${baseline.version} (${baseline.status})` : undefined],
    ]),
    ...section(
      'Would ask',
      shown.questions.map(({ question, answer }) => oneLine(`${question} (taken to be ${answer})`)).join('\n'),
    ),
    ...section('Would do', shown.effects.map(renderEffect).join('\n') || 'nothing'),
    ...section(baseline ? 'Different from now' : 'New', comparison?.sentences.map((one) => `- ${oneLine(one)}`).join('\n') ?? ''),
    'Nothing of it was done.',
  ]);
}

function renderEffect({ capability, account_name: account, parameters, would_ask: ask, refused }: EffectAnswer): string {
  const who = ask && (ask.approvers.length === 0 ? 'whoever may approve' : ask.approvers.join(', '));
  const notes = [
    ...(who ? [`would ask ${who}; taken for a ${ask?.answer === 'approve' ? 'yes' : 'no'}`] : []),
    ...(refused ? [`would be refused: ${refused.message}`] : []),
  ];
  const head = oneLine(`${capability}${account ? ` on ${account}` : ''}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`);
  const given = fields(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  return given === '' ? head : `${head}\n${indent(given)}`;
}

function readsText({ live, recorded, made_up: madeUp, refused }: RehearsalAnswer['reads']): string {
  const parts = [
    ...(live > 0 ? [`${live} of the provider`] : []),
    ...(recorded > 0 ? [`${recorded} recorded`] : []),
    ...(madeUp > 0 ? [`${madeUp} made up`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}
