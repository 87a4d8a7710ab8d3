import type { RunEvent } from '../../client/run-events.ts';
import { cutToWidth } from '../../output/width.ts';
import { renderTree } from './render-tree.ts';
import { createRunTree } from './run-tree.ts';
import { createScreen } from './screen.ts';

export interface LiveDeps {
  readonly write: (text: string) => void;
  readonly terminal: () => { columns: number; rows: number };
  readonly nowMs: () => number;
}

/** Elapsed times are shown in tenths of a second, which nobody reads while they run. */
const TICK_MS = 1_000;

/** Draws a run as a tree that changes as its events come, to its last one. `open` is told how to show a word about itself. */
export async function followLive(
  { write, terminal, nowMs }: LiveDeps,
  runId: string,
  open: (say: (word: string) => void) => AsyncIterable<RunEvent>,
): Promise<void> {
  const tree = createRunTree(runId);
  const screen = createScreen(write);
  let word = '';
  const draw = (): void => {
    const { columns, rows } = terminal();
    // The cursor stands below the last line.
    const lines = renderTree(tree, { nowMs: nowMs(), columns, rows: rows - 1 - (word === '' ? 0 : 1) });
    screen.draw(word === '' ? lines : [...lines, cutToWidth(word, columns)]);
  };
  const ticking = setInterval(draw, TICK_MS);
  try {
    draw();
    for await (const { event } of open((said) => ((word = said), draw()))) {
      word = '';
      tree.take(event);
      draw();
    }
  } finally {
    clearInterval(ticking);
  }
}
