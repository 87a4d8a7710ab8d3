import { oneLine } from '../../output/plain-text.ts';
import { formatDuration } from '../../output/time.ts';
import { cutToWidth } from '../../output/width.ts';
import { waitingHint } from '../waiting-hint.ts';
import type { Branch, Mark, RunTree, SkillBranch } from './run-tree.ts';

export interface TreeView {
  nowMs: number;
  columns: number;
  /** Lines that the tree may take. */
  rows: number;
}

const MARKS: Record<Mark, string> = { running: '●', done: '✓', failed: '✗', interrupted: '■', asks: '?' };

/** The tree as lines that fit the terminal: what runs and what ended badly is shown first where not all has room. */
export function renderTree({ run, skills }: RunTree, { nowMs, columns, rows }: TreeView): string[] {
  const status = run.isPaused ? 'paused' : run.mark === 'done' ? 'completed' : run.mark;
  const words = [run.title, status, elapsed(run, nowMs), run.note];
  const waits = [...new Set([...run.waitsOn, ...[...skills.values()].flatMap(({ waitsOn }) => waitsOn)])];
  const hints = waits
    .filter((reason) => reason !== 'paused')
    .map((reason) => `waits on ${oneLine(reason)}${waitingHint(reason)}`);
  const head = [joined(words)];
  const body = fitting([...skills.values()], nowMs, Math.max(1, rows - head.length - hints.length));
  return [...head, ...body, ...hints].map((one) => cutToWidth(one, columns)).slice(0, rows);
}

/** As many lines as there is room for: at first the calls of skills that went well are left out, then those skills. */
function fitting(skills: SkillBranch[], nowMs: number, room: number): string[] {
  const isDone = ({ mark }: SkillBranch): boolean => mark === 'done';
  const withCalls = (skill: SkillBranch): string[] => [
    line(skill, nowMs, [countOf(skill)], '  '),
    ...[...skill.calls.values()].map((call) => line(call, nowMs, [], '    ')),
  ];
  const all = skills.flatMap(withCalls);
  if (all.length <= room) return all;
  const folded = skills.flatMap((skill) => (isDone(skill) ? withCalls(skill).slice(0, 1) : withCalls(skill)));
  if (folded.length <= room) return folded;
  const open = skills.filter((skill) => !isDone(skill)).flatMap(withCalls);
  const hidden = [`  ${MARKS.done} ${skills.filter(isDone).length} skills completed`, ...open];
  if (hidden.length <= room) return hidden;
  return [...hidden.slice(0, room - 1), `  … ${hidden.length - room + 1} more lines`];
}

function countOf({ calls, mark }: SkillBranch): string | undefined {
  if (mark !== 'done' || calls.size === 0) return undefined;
  return calls.size === 1 ? '1 call' : `${calls.size} calls`;
}

function line(branch: Branch, nowMs: number, more: (string | undefined)[], indent: string): string {
  return `${indent}${MARKS[branch.mark]} ${joined([branch.title, elapsed(branch, nowMs), ...more, branch.note])}`;
}

function joined(words: (string | undefined)[]): string {
  return words.flatMap((word) => (word === undefined || word === '' ? [] : [oneLine(word)])).join('  ');
}

function elapsed({ startedAt, endedAt }: Branch, nowMs: number): string | undefined {
  const from = Date.parse(startedAt);
  const to = endedAt === undefined ? nowMs : Date.parse(endedAt);
  // Clocks differ: nothing takes less than no time.
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : formatDuration(Math.max(0, to - from));
}
