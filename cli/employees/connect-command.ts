import type { ExplanationAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';

/** What a person types to connect what is missing, and no more than that. */
export function connectCommand({ provider, launch }: ExplanationAnswer['missing_connections'][number]): string {
  // The launch address is a path of ConnectHub; only its query says anything here.
  const { searchParams } = new URL(launch, 'https://connecthub.invalid');
  const options = [
    ['--for', searchParams.get('capabilities')],
    ['--connection', searchParams.get('connection_id')],
  ].flatMap(([flag, value]) => (typeof value === 'string' ? [`${flag} ${oneLine(value)}`] : []));
  return ['clancy connections connect', oneLine(provider), ...options].join(' ');
}
