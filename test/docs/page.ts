import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a page tells its reader to do, or what it says that they will see. */
export interface Fence {
  language: string;
  /** The file that it is, where it is one. */
  name: string | undefined;
  text: string;
}

/** The fenced blocks of a section, in order. */
export function fencesOf(page: string, heading: string): Fence[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(heading));
  if (section === undefined) throw new Error(`the page has no section "${heading}"`);
  return [...section.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language = '', name, text = '']) => ({
    language,
    name,
    text,
  }));
}

/** Files are written, commands are run by bash, and what the page shows must be what they have just printed. */
export async function followPage(fences: readonly Fence[], reader: { folder: string; path: string }): Promise<void> {
  let printed = '';
  for (const { language, name, text } of fences) {
    if (language === 'text') assertShown(text, printed);
    else if (name !== undefined) await put(join(reader.folder, name), text);
    else if (language === 'sh') printed = await run(text, reader);
    else throw new Error(`nobody can follow a block of ${language} without a name`);
  }
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Variables last from one block to the next, as in a terminal. */
function run(commands: string, { folder, path }: { folder: string; path: string }): Promise<string> {
  const script = `set -aeuo pipefail\n[ ! -f .variables ] || . ./.variables\n${commands}\nexport -p > .variables\n`;
  const env = { PATH: path, HOME: folder, NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script], { cwd: folder, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`the page's commands failed:\n${commands}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** Line by line, in order, however wide the columns are. */
function assertShown(shown: string, printed: string): void {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  let rest = printed.split('\n').map(plain);
  for (const line of shown.split('\n').map(plain)) {
    const at = rest.findIndex((one) => one.includes(line));
    if (at === -1) throw new Error(`the page shows:\n${line}\nbut this was printed:\n${printed}`);
    rest = rest.slice(at + 1);
    if (line === '') rest = [...rest, ''];
  }
}
