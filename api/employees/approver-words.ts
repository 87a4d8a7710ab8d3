import { policySchema } from '../../contracts/policy.ts';
import { userIdClaim } from '../../platform/auth/claims.ts';
import { permissionsOfRole, ROLES } from '../../platform/auth/permissions.ts';

/** Whoever answers an approval: a user, or a role whose holders may answer any. */
const roleWords: readonly string[] = ROLES.filter((role) => permissionsOfRole(role).includes('approvals.decide')).map(
  (role) => `role:${role}`,
);

/**
 * A policy that people send. Beside the contract: an approver whom nobody can be (`Katrin`, `role:builder`) would leave every
 * question of the rule without anyone to answer it.
 */
export const sentPolicy = policySchema.superRefine((policy, context) => {
  for (const [at, { approvers }] of policy.entries()) {
    for (const [index, approver] of approvers.entries()) {
      if (userIdClaim.safeParse(approver).success || roleWords.includes(approver)) continue;
      const message = `expected the id of a user (user_...) or one of ${roleWords.join(', ')}`;
      context.addIssue({ code: 'custom', path: [at, 'approvers', index], message });
    }
  }
});
