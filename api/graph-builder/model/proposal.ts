import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../../contracts/json.ts';
import { stringsIn } from '../checker/walk.ts';
import { skillGraphSchema } from '../../../contracts/skill-graph.ts';

const MAX_SKILLS = 10;
const MAX_GRAPHS = 5;
const MAX_NODES = 30;
/** Of one text: longer than any expression, title or value. */
const MAX_TEXT = 4_000;

/** Names become part of expressions. */
const names = jsonObjectSchema.refine(
  (given) => Object.keys(given).every((name) => /^[a-z][a-z0-9_]{0,47}$/.test(name)),
  'names are lower-case letters, digits and _',
);

const common = {
  /** Numbers of the sentences that ask for the skill. */
  sentences: z.array(z.int().min(1)).min(1).max(10),
};

/** A template of the library, its slots filled. */
const fromLibrary = z.strictObject({ ...common, template: z.string().max(60), slots: names.default({}) });

/** A skill of the model's own; the first graph is the skill's, the others are those it refers to. */
const composed = z.strictObject({
  ...common,
  title: z.string().trim().min(1).max(120),
  graphs: z
    .array(skillGraphSchema)
    .min(1)
    .max(MAX_GRAPHS)
    .refine((graphs) => graphs.every(({ nodes }) => nodes.length <= MAX_NODES), `${MAX_NODES} nodes at most in a graph`),
  input: names.default({}),
});

const proposalSchema = z.strictObject({ skills: z.array(z.union([fromLibrary, composed])).max(MAX_SKILLS) });
export type Proposal = z.infer<typeof proposalSchema>;
export type ProposedSkill = Proposal['skills'][number];
export type ComposedSkill = z.infer<typeof composed>;

/** What the endpoint is asked to hold to: the frame. Graphs are read here, so that what is wrong with them can be said. */
export const ANSWER_SCHEMA: JsonObject = {
  type: 'object',
  required: ['skills'],
  additionalProperties: false,
  properties: {
    skills: {
      type: 'array',
      maxItems: MAX_SKILLS,
      items: {
        type: 'object',
        required: ['sentences'],
        properties: {
          sentences: { type: 'array', items: { type: 'integer' } },
          template: { type: 'string' },
          slots: { type: 'object' },
          title: { type: 'string' },
          graphs: { type: 'array', items: { type: 'object' } },
          input: { type: 'object' },
        },
      },
    },
  },
};

const MAX_PROBLEMS = 20;

/** A proposal, or what is wrong with it, in words that a model can go by. */
export function readProposal(answer: JsonObject): { proposal: Proposal } | { problems: string[] } {
  if (stringsIn(answer).some((text) => text.length > MAX_TEXT))
    return { problems: [`no text is longer than ${MAX_TEXT} characters`] };
  const read = proposalSchema.safeParse(answer);
  if (read.success) return { proposal: read.data };
  const problems = read.error.issues.flatMap(issuesIn).map(({ path, message }) => `${path.join('/')}: ${message}`);
  return { problems: [...new Set(problems)].slice(0, MAX_PROBLEMS) };
}

/** Of a union, the branch that was meant is the one that fails deepest. */
function issuesIn(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'invalid_union') return [issue];
  const depthOf = (issues: z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));
  const [meant] = issue.errors.toSorted((one, other) => depthOf(other) - depthOf(one));
  if (!meant) return [issue];
  return meant.flatMap(issuesIn).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}
