import type { Issue, Repository } from './people.ts';

const HOUR_MS = 3_600_000;

function issue(number: number, at: string, members: Record<string, unknown>): Issue {
  return { number, state: 'open', body: null, labels: [], created_at: at, updated_at: at, ...members };
}

/** Two repositories of a small bindery. */
export function seed(now: () => number): Map<string, Repository> {
  const at = (hours: number) => new Date(now() - hours * HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  const press: Repository = {
    fullName: 'millrace/press',
    isPrivate: true,
    description: 'Plans of the press',
    issues: [
      issue(1, at(90), { title: 'Rollers squeak', body: 'Since Monday.', labels: [{ name: 'bug' }] }),
      issue(2, at(60), { title: 'Order ink', state: 'closed' }),
      issue(4, at(20), { title: 'Paper jams', labels: [{ name: 'bug' }, { name: 'urgent' }] }),
    ],
    pulls: [
      issue(3, at(40), { title: 'New gears', body: 'Finer teeth.', head: { ref: 'gears' }, base: { ref: 'main' }, draft: false }),
    ],
    comments: [],
    files: new Map([
      ['README.md', Buffer.from('# Press\n\nGrüße aus der Werkstatt.\n')],
      ['docs/plan.md', Buffer.from('x'.repeat(120_000))],
      ['photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00])],
      ['huge.bin', Buffer.alloc(1_100_000)],
    ]),
  };
  const site = {
    fullName: 'millrace/site',
    isPrivate: false,
    description: '',
    issues: [],
    pulls: [],
    comments: [],
    files: new Map(),
  };
  return new Map([press, site].map((repository) => [repository.fullName, repository]));
}
