import { oneLine } from './plain-text.ts';
import { displayWidth, padToWidth } from './width.ts';

const GAP = '  ';

/** Rows under headings, columns aligned to the left. Every cell is made one line of plain text. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(oneLine));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => padToWidth(cell, widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

export type Field = readonly [label: string, value: string | number | null | undefined];

/** `label  value` lines, values aligned; what is not there is left out. */
export function fields(entries: readonly Field[]): string {
  const present = entries.flatMap(([label, value]) =>
    value === null || value === undefined || value === '' ? [] : [[label, String(value)] as const],
  );
  const width = Math.max(0, ...present.map(([label]) => displayWidth(label)));
  return present.map(([label, value]) => `${padToWidth(label, width)}${GAP}${oneLine(value)}`).join('\n');
}

/** Text moved to the right, line by line. */
export function indent(text: string, by = 2): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`))
    .join('\n');
}

/** A heading with its indented body; nothing at all for an empty body. */
export function section(heading: string, body: string): string[] {
  return body === '' ? [] : [`${heading}\n${indent(body)}`];
}

/** Parts with an empty line between them. */
export function page(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
