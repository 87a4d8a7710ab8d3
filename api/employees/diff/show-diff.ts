import { z } from 'zod';
import {
  employeeEdgeSchema,
  provenanceSchema,
  triggerProposalSchema,
  type SkillNode,
} from '../../../contracts/employee-graph.ts';
import { policyRuleSchema } from '../../../contracts/policy.ts';
import type { CoreDatabase } from '../../../db/client.ts';
import { findEmployee, findVersion } from '../find.ts';
import { versionSchema } from '../views.ts';
import { compareVersions } from './compare-versions.ts';
import { sentencesOf, summaryOf } from './sentences.ts';

export const diffQuery = z.strictObject({
  against: versionSchema.optional().describe('The version to come from: the one that is active, or else the one before.'),
});

const listsOf = <T extends z.ZodType>(one: T) => ({ added: z.array(one), removed: z.array(one) });
const dutyView = z.strictObject({
  node: z.string(),
  title: z.string(),
  skill: z.string(),
  permissions: z.array(z.string()),
  provenance: provenanceSchema.nullable(),
});

export const diffView = z.strictObject({
  employee_id: z.string(),
  version: z.int(),
  against: z.int(),
  /** Whether both have the same content, to the letter. */
  is_same: z.boolean(),
  /** In one line. */
  summary: z.string(),
  /** In plain words, one per change. */
  sentences: z.array(z.string()),
  duties: z.strictObject({
    ...listsOf(dutyView),
    changed: z.array(z.strictObject({ before: dutyView, after: dutyView, parts: z.array(z.string()) })),
  }),
  capabilities: z.strictObject(listsOf(z.string())),
  permissions: z.strictObject(listsOf(z.string())),
  rules: z.strictObject({ ...listsOf(policyRuleSchema), is_reordered: z.boolean() }),
  triggers: z.strictObject(listsOf(triggerProposalSchema)),
  ways: z.strictObject(listsOf(employeeEdgeSchema)),
  job_description: z.strictObject(listsOf(z.string())),
});

/**
 * A version against another one, as a change of duties.
 * @throws ClancyError `not_found`
 */
export async function showDiff(
  { db }: { db: Pick<CoreDatabase, 'withOrgRead'> },
  orgId: string,
  asked: { employeeId: string; version: number; against: number | undefined },
): Promise<z.infer<typeof diffView>> {
  const { employeeId, version } = asked;
  const [before, after] = await db.withOrgRead({ orgId }, async (tx) => {
    const { activeVersion } = await findEmployee(tx, employeeId);
    const own = await findVersion(tx, employeeId, version);
    const other = activeVersion === version ? null : activeVersion;
    const against = asked.against ?? other ?? Math.max(version - 1, 1);
    return [await findVersion(tx, employeeId, against), own] as const;
  });
  const diff = compareVersions(before, after);
  const { duties, capabilities, permissions, rules, triggers, ways, sentences } = diff;
  return {
    employee_id: employeeId,
    version,
    against: before.version,
    is_same: before.contentHash === after.contentHash,
    summary: summaryOf(diff),
    sentences: sentencesOf(diff),
    duties: {
      added: duties.added.map(toDuty),
      removed: duties.removed.map(toDuty),
      changed: duties.changed.map((one) => ({ ...one, before: toDuty(one.before), after: toDuty(one.after) })),
    },
    capabilities,
    permissions,
    rules: { added: rules.added, removed: rules.removed, is_reordered: rules.isReordered },
    triggers,
    ways,
    job_description: sentences,
  };
}

function toDuty({ id, title, skill_graph, permissions, provenance }: SkillNode): z.infer<typeof dutyView> {
  return { node: id, title, skill: skill_graph, permissions, provenance: provenance ?? null };
}
