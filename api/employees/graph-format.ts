import { ClancyError } from '../../contracts/errors.ts';

export type GraphFormat = 'json' | 'mermaid' | 'svg';

const FORMATS: ReadonlyMap<string, GraphFormat> = new Map<string, GraphFormat>([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['text/vnd.mermaid', 'mermaid'],
  ['text/plain', 'mermaid'],
  ['text/*', 'mermaid'],
  ['image/svg+xml', 'svg'],
  ['image/*', 'svg'],
]);

/**
 * The form of a graph that the caller likes best (RFC 9110, 12.5.1); JSON when nothing is said.
 * @throws ClancyError `invalid_request` when only other forms are accepted.
 */
export function graphFormat(accept: string | undefined): GraphFormat {
  if (accept === undefined || accept.trim() === '') return 'json';
  const liked = accept
    .split(',')
    .map(parseRange)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { type } of liked) {
    const format = FORMATS.get(type);
    if (format) return format;
  }
  throw new ClancyError('invalid_request', 'A graph comes as application/json, text/vnd.mermaid, text/plain or image/svg+xml.', {
    fields: [{ field: '/accept', message: 'none of the forms that a graph has' }],
  });
}

function parseRange(range: string): { type: string; weight: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const parsed = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, weight: Number.isFinite(parsed) ? parsed : 0 };
}
