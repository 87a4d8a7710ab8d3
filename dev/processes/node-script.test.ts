import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { nodeScript } from './node-script.ts';
import { makeTempFolder } from './temp-folder.ts';

it('runs TypeScript from any folder with its arguments', async () => {
  const folder = await makeTempFolder('clancy-script');
  const file = join(folder.path, 'script.mts');
  await writeFile(file, 'const [first]: string[] = process.argv.slice(2); console.log(`${first} in ${process.cwd()}`);');
  const { command, args } = nodeScript(file, ['hello']);
  const { stdout } = await promisify(execFile)(command, args, { cwd: '/' });
  expect(stdout).toBe('hello in /\n');
  await folder.remove();
});
