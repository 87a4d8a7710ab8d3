import type { Scene } from './scene.ts';

export interface Shot {
  /** In docs/images/. */
  readonly file: string;
  /** The workflow whose page it is, or the query of a list. */
  readonly of: { readonly workflow: string; readonly tab: string } | { readonly query: string };
  /** What stands on the page: a picture without it is not taken. */
  readonly shows: readonly string[];
  /** What must not stand there. */
  readonly hides?: readonly string[];
  /** The page without sign-in and codec. */
  readonly isSealed?: boolean;
  /** What is scrolled to the top: an element that begins with this text. */
  readonly from?: { readonly element: string; readonly text: string };
}

/** The pictures of docs/operators.md, in its order. */
export function shotsOf(scene: Scene, firstCall: number): Shot[] {
  const { orgId, employeeId, completed, failed, waiting, customers } = scene;
  const reminders = (run: string): string => `${run}:skill:remind_customers`;
  const waitingView = { workflow: waiting, tab: 'user-metadata' };
  const told = ['Receivables assistant (v1)', 'Remind the customers by email', 'person:user_mia'];
  return [
    {
      file: 'operators-list.png',
      of: { query: `\`OrgId\`="${orgId}" AND \`EmployeeId\`="${employeeId}"` },
      shows: [completed, failed, reminders(waiting), 'FAILED', 'approval:'],
    },
    { file: 'operators-run.png', of: waitingView, shows: told },
    {
      file: 'operators-run-sealed.png',
      of: waitingView,
      isSealed: true,
      shows: [waiting, 'No summary available', 'No details available'],
      hides: [...told, ...customers],
    },
    {
      file: 'operators-skills.png',
      of: { workflow: waiting, tab: 'relationships' },
      shows: [reminders(waiting), `${waiting}:skill:overdue_summary`, 'Child Count'],
    },
    {
      file: 'operators-failed.png',
      of: { workflow: failed, tab: 'timeline' },
      shows: ['channel_not_found', 'Post the summary in #finance', '"run_id"'],
    },
    {
      file: 'operators-call.png',
      of: { workflow: reminders(completed), tab: `history/events/${firstCall}` },
      from: { element: 'main *', text: 'Task Queue Kind' },
      shows: ['callCapability', 'email.send', '"subject"', '(left out: a credential)'],
    },
    {
      file: 'operators-approval.png',
      of: { workflow: reminders(waiting), tab: 'timeline' },
      from: { element: 'h2', text: 'Timeline' },
      shows: customers.map((customer) => `approval expires: email.send ${customer}`),
    },
  ];
}
