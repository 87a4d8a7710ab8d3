import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { runClancy } from '../cli/run-clancy.ts';
import { exitWhenNobodyReads } from '../platform/closed-pipe.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')));

exitWhenNobodyReads(process.stdout);

process.exitCode = await runClancy({
  argv: process.argv.slice(2),
  version,
  io: {
    stdout: (words) => void process.stdout.write(words),
    stderr: (words) => void process.stderr.write(words),
    readStdin: () => text(process.stdin),
    cwd: process.cwd(),
    env: {
      apiUrl: process.env['CLANCY_API_URL'],
      connecthubUrl: process.env['CLANCY_CONNECTHUB_URL'],
      token: process.env['CLANCY_TOKEN'],
    },
    nowMs: Date.now,
    // Loaded when asked for: the other verbs need no database.
    openKeys: async () => (await import('./key-admin.ts')).openKeyAdmin(process.env),
    ...(process.stdout.isTTY && {
      // A terminal that does not know its size says 0.
      terminal: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
    }),
  },
});
