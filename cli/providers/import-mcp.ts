import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import { indent, page, section, table } from '../output/table.ts';
import { verb } from '../verb.ts';
import { readChoices } from './read-choices.ts';
import { renderProvider } from './render-provider.ts';

export const importMcp = verb({
  name: 'import-mcp',
  summary: 'make a provider of the tools of an MCP server (streamable HTTP), or a new version of it',
  options: [
    { flags: '--file <file>', description: 'the server, and what you choose of its tools, as YAML or JSON' },
    { flags: '--key-stdin', description: 'read a key of the server from standard input: asks it for its tools, is not kept' },
    { flags: '--preview', description: 'show what it offers and what it would come to, and keep nothing' },
  ],
  makesSomething: true,
  examples: [
    'clancy providers import-mcp --file notes.yaml --key-stdin --preview < key.txt',
    'clancy providers import-mcp --file notes.yaml --key-stdin < key.txt',
  ],
  input: z.strictObject({
    file: z.string('the file is missing').min(1, 'a file name'),
    keyStdin: z.boolean().default(false),
    preview: z.boolean().default(false),
  }),
  run: async ({ client, io, idempotencyKey, show }, { file, keyStdin, preview }) => {
    if (!keyStdin || file === '-') throw new UsageError('Name a file, and give the key on standard input: --key-stdin.');
    const chosen = await readChoices(io, file);
    const definition = { ...chosen, key: (await io.readStdin()).trim(), ...(preview && { preview }) };
    show(await client.providers.importMcp(definition, idempotencyKey), (provider) =>
      page([
        renderProvider(provider),
        ...section(
          'What the server offers, in its own words',
          indent(
            table(
              ['TOOL', 'SAYS IT ONLY READS', 'DESCRIPTION'],
              provider.offered.map(({ tool, says_read_only, description }) => [tool, says_read_only ? 'yes' : 'no', description]),
            ),
            0,
          ),
        ),
      ]),
    );
  },
});
