import { describe, expect, it } from 'vitest';
import { Writable } from 'node:stream';
import { ClancyError } from '../contracts/errors.ts';
import { createLogger } from './logger.ts';

function capture(): { lines: string[]; destination: Writable } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, destination };
}

describe('the logger', () => {
  it('hides secrets by their names, and keeps the code of an error', () => {
    const { lines, destination } = capture();
    const logger = createLogger({ name: 'test', level: 'info' }, destination);
    logger.info(
      { headers: { authorization: 'Bearer hunter2' }, grant: { refresh_token: 'hunter2' }, query: { code: 'hunter2' } },
      'x',
    );
    logger.warn({ err: new ClancyError('grant_missing', 'no grant') }, 'y');
    expect(lines.join('')).not.toContain('hunter2');
    expect(JSON.parse(lines[1] ?? '').err.code).toBe('grant_missing');
  });

  it('keeps one line per entry, whatever the text holds', () => {
    const { lines, destination } = capture();
    createLogger({ name: 'test', level: 'info' }, destination).info({ text: 'a\r\n{"level":60}\u001B[31m' }, 'b\nc');
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1);
    expect(lines.join('')).not.toContain('\u001B');
  });
});
