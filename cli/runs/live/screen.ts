/** Lines at the end of a terminal that are drawn over again and again. */
export interface Screen {
  draw(lines: readonly string[]): void;
}

/** `write` takes our own control sequences (ECMA-48), so lines must be plain text that fits the width. */
export function createScreen(write: (text: string) => void): Screen {
  let drawn: readonly string[] = [];
  return {
    draw(lines) {
      if (lines.length === drawn.length && lines.every((line, index) => line === drawn[index])) return;
      // To the first line that was drawn, and everything from there on is erased.
      const back = drawn.length === 0 ? '' : `\x1b[${drawn.length}A\r\x1b[0J`;
      write(back + lines.map((line) => `${line}\n`).join(''));
      drawn = lines;
    },
  };
}
