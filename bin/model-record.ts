import { parseArgs } from 'node:util';
import { startRecordedEndpoint } from '../dev/models/recorded-endpoint.ts';

const HELP = `Usage: npm run model:record -- --file <file> [--upstream <url>] [--port <port>]

With --upstream, passes questions on to a model's endpoint (https://api.openai.com, https://api.anthropic.com, ...) and adds
each exchange to the file, without headers: no key is kept, but what the questions say is. Without it, answers from the file.
Set MODEL_BASE_URL to the address that it prints, followed by /v1 for a model of OpenAI's kind, and MODEL_KIND.
`;

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    upstream: { type: 'string' },
    port: { type: 'string', default: '0' },
    help: { type: 'boolean', short: 'h' },
  },
});
const { file, upstream, port, help } = values;
if (help || file === undefined) {
  console.log(HELP);
  process.exit(help ? 0 : 2);
}
const endpoint = await startRecordedEndpoint({ file, port: Number(port), ...(upstream !== undefined && { upstream }) });
console.log(`${upstream === undefined ? 'replaying' : 'recording'} at ${endpoint.url}; Ctrl-C ends it`);
process.once('SIGINT', () => void endpoint.close().then(() => process.exit(0)));
