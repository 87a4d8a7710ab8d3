import type { ExplanationAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';
import { connectCommand } from './connect-command.ts';
import { section } from '../output/table.ts';

const quote = (sentence: string) => `"${oneLine(sentence)}"`;

/** The builder's account, sentence by sentence: sentence -> skill -> capabilities, and what was not understood. */
export function renderExplanation(explanation: ExplanationAnswer): string[] {
  return [
    ...section('Understood', explanation.understood.map(renderUnderstood).join('\n')),
    ...section('Runs', explanation.triggers.map(renderTrigger).join('\n')),
    ...section('Not understood', explanation.not_understood.map(renderNotUnderstood).join('\n')),
    ...section('Model', renderModel(explanation.model)),
    ...section(
      'Missing connections',
      explanation.missing_connections.map((missing) => `${oneLine(missing.provider)}: ${connectCommand(missing)}`).join('\n'),
    ),
  ];
}

function renderUnderstood({ sentence, skill, capabilities, score }: ExplanationAnswer['understood'][number]): string {
  // A model gives no score.
  const certainty = score === undefined || score === 0 ? '' : ` (${Math.round(score * 100)} %)`;
  return `${quote(sentence)}\n  -> ${oneLine(skill)}${certainty} -> ${capabilities.map(oneLine).join(', ') || 'no capability'}`;
}

function renderTrigger(trigger: ExplanationAnswer['triggers'][number]): string {
  const said = trigger.sentence === undefined ? '' : `  ${quote(trigger.sentence)}`;
  if (trigger.type === 'direct_command') return `when somebody says so${said}`;
  if (trigger.cron !== undefined) {
    return `on schedule ${oneLine(trigger.cron)} ${oneLine(trigger.timezone ?? '(no time zone given)')}${said}`;
  }
  return `on ${oneLine([trigger.source, trigger.about].filter((word) => word !== undefined).join(': ') || trigger.type)}${said}`;
}

/** What a model added to the answer without it, or why that one stands. */
function renderModel(model: ExplanationAnswer['model']): string {
  if (!model) return '';
  if (!model.used) return `${oneLine(model.name)} was not used: ${oneLine(model.reason ?? 'no reason given')}`;
  return model.added_skills
    .map(({ skill, capabilities }) => `${oneLine(model.name)} added ${oneLine(skill)} -> ${capabilities.map(oneLine).join(', ')}`)
    .join('\n');
}

function renderNotUnderstood({ sentence, reason, question }: ExplanationAnswer['not_understood'][number]): string {
  return `${quote(sentence)}\n  ${oneLine(reason)}${question === undefined ? '' : ` ${oneLine(question)}`}`;
}
