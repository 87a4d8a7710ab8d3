import type { ApprovalAnswer } from '../../cli/client/answers/approvals.ts';
import type { ProviderId } from '../sandbox/providers.ts';

/** What the demo plays besides what every run shows: where the worker dies, and what the manager answers. */
export interface Story {
  /** In `examples/`. */
  readonly file: string;
  /** The worker is killed while the effect of the first such request is made and its answer on the way. */
  readonly killAt: { readonly provider: ProviderId; readonly method: string; readonly title: string };
  readonly decide: (approval: ApprovalAnswer) => { readonly yes: boolean; readonly reason: string };
}

export const STORIES = {
  'receivables-assistant': {
    file: 'receivables-assistant.md',
    killAt: { provider: 'gmail', method: 'messages.send', title: 'the first email is sent' },
    decide: ({ call }) =>
      call?.parameters['to'] === 'bills@fernhollow.example'
        ? { yes: false, reason: 'I ring them myself.' }
        : { yes: true, reason: 'Fine.' },
  },
  'slack-digest-writer': {
    file: 'slack-digest-writer.md',
    killAt: { provider: 'slack', method: 'chat.postMessage', title: 'the digest is posted' },
    decide: () => ({ yes: true, reason: 'Fine.' }),
  },
} as const satisfies { [name: string]: Story };

export type StoryName = keyof typeof STORIES;
export const DEFAULT_STORY: StoryName = 'receivables-assistant';

export function isStory(name: string): name is StoryName {
  return Object.hasOwn(STORIES, name);
}
