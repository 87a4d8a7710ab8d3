import type { EntryScore } from './builder/score-entry.ts';
import { BOUNDS, MAX_BUILD_MS, type Figures } from './figures.ts';
import type { SetScore } from './score-set.ts';
import { MAX_MISLED, MIN_RIGHT, type SupervisorScore } from './supervisor/score-supervisor.ts';
import { share, type Tally } from './tally.ts';

/** A set's figures, and before them what each entry missed. */
export function formatSet({ name, entries, figures, short, is_held_out: isHeldOut }: SetScore, isQuiet: boolean): string {
  const shown = isQuiet || isHeldOut ? [] : entries.flatMap(formatEntry);
  const hidden = isHeldOut && !isQuiet ? ['  What each entry missed is not shown: nobody tunes on this set.'] : [];
  return [`${name}: ${entries.length} descriptions`, ...shown, ...hidden, ...formatFigures(figures), verdictOf(short)].join('\n');
}

/** How the supervisor decides about messages. */
export function formatSupervisor({ name, decisions, misled, short }: SupervisorScore, isQuiet: boolean): string {
  return [
    `${name}: ${decisions.of} messages`,
    ...(isQuiet ? [] : decisions.missed.map((missed) => `  ${missed}`)),
    `  ${'right decisions'.padEnd(18)} ${share(decisions).toFixed(3)}  ${`${decisions.got} of ${decisions.of}`.padEnd(14)} at least ${MIN_RIGHT}`,
    `  ${'somebody else'.padEnd(18)} ${String(misled).padEnd(21)} at most ${MAX_MISLED} of all`,
    verdictOf(short),
  ].join('\n');
}

function verdictOf(short: readonly string[]): string {
  return short.length === 0 ? '  within the bounds' : `  UNDER THE BOUNDS: ${short.join('; ')}`;
}

function formatEntry(score: EntryScore): string[] {
  const lines = missesOf(score).map((missed) => `      ${missed}`);
  return lines.length === 0 ? [] : [`  ${score.id} ${score.title}`, ...lines];
}

/** What one entry missed, as sentences. */
export function missesOf(score: EntryScore): string[] {
  const { count, min, max } = score.skills;
  const kinds: [string, Tally][] = [
    ['requirement', score.requirements],
    ['provider', score.providers],
    ['trigger', score.triggers],
    ['trigger', score.triggersProposed],
    ['policy', score.policies],
    ['undoable', score.undoable],
  ];
  return [
    ...(score.failure === undefined ? [] : [`FAILED: ${score.failure}`]),
    ...score.forbidden.map((capability) => `FORBIDDEN: ${capability} is granted`),
    ...kinds.flatMap(([kind, { missed }]) => missed.map((one) => `${kind}: ${one}`)),
    ...(count < min || count > max ? [`skills: ${count}, expected ${min === max ? min : `${min} to ${max}`}`] : []),
  ];
}

function formatFigures(figures: Figures): string[] {
  const { forbidden, failures, build_ms: build, ...parts } = figures;
  const rows = Object.entries(parts).map(([name, part]) => {
    const bound = Object.hasOwn(BOUNDS, name) ? `at least ${BOUNDS[name as keyof typeof BOUNDS]}` : '';
    return `  ${name.replaceAll('_', ' ').padEnd(18)} ${share(part).toFixed(3)}  ${`${part.got} of ${part.of}`.padEnd(14)} ${bound}`.trimEnd();
  });
  return [
    ...rows,
    `  ${'forbidden grants'.padEnd(18)} ${String(forbidden).padEnd(21)} none`,
    ...(failures === 0 ? [] : [`  ${'failures'.padEnd(18)} ${String(failures).padEnd(21)} none`]),
    `  ${'building'.padEnd(18)} ${build.median.toFixed(1)} ms in the median, ${build.worst.toFixed(1)} ms at worst, ${MAX_BUILD_MS} in the median at most`,
  ];
}
