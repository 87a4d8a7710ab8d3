import { ClancyError } from '../../contracts/errors.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { ApprovalRow } from './views.ts';

/**
 * Who may answer: whoever the rule names (a user, or `role:…`), or, where it names nobody, whoever holds
 * `approvals.decide`, which the route has checked. The person who started the run may answer unless the rule names
 * others: they asked for the work, the employee chose the act. An employee never answers: the route is for people.
 *
 * @throws ClancyError `self_approval` for a run's initiator whom the rule leaves out, else `not_an_approver`.
 */
export function assertMayDecide(
  person: Pick<PersonPrincipal, 'userId' | 'role'>,
  approval: Pick<ApprovalRow, 'approvers' | 'initiatorId'>,
): void {
  const { approvers } = approval;
  if (approvers.length === 0 || approvers.includes(person.userId) || approvers.includes(`role:${person.role}`)) return;
  if (person.userId === approval.initiatorId) {
    throw new ClancyError('self_approval', 'You started this run, and its rule asks somebody else.', {
      next: `Ask one of: ${approvers.join(', ')}.`,
    });
  }
  throw new ClancyError('not_an_approver', 'The rule behind this approval names others.', {
    next: `Ask one of: ${approvers.join(', ')}.`,
  });
}
