import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { EmployeeGraph } from './employee-graph.ts';
import type { JsonObject } from './json.ts';
import type { ResumeDigests, RunResume } from './resume.ts';
import type { RunPlan } from './run.ts';

/** What an approval is bound to, and what tells two requests under one call id apart (design, "Policy"). */
export interface CallDigestParts {
  orgId: string;
  callId: string;
  employeeVersion: number;
  /** Qualified id and version. */
  capability: string;
  capabilityVersion: number;
  connectionId: string;
  parameters: JsonObject;
  /** SHA-256 (hex) of the blobs that the parameters refer to, in the order of reference. */
  blobHashes: string[];
}

/** SHA-256 in hex of the canonical JSON (RFC 8785) of `value`. Throws TypeError for what JSON cannot express. */
export function canonicalHash(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return createHash('sha256').update(text).digest('hex');
}

/** The one digest of a call: ConnectHub decides by it, approvals are bound to it. */
export function callDigest(parts: CallDigestParts): string {
  return canonicalHash({
    org: parts.orgId,
    call_id: parts.callId,
    employee_version: parts.employeeVersion,
    capability: parts.capability,
    capability_version: parts.capabilityVersion,
    connection: parts.connectionId,
    parameters: parts.parameters,
    blobs: parts.blobHashes,
  });
}

/**
 * What the word on an effect that stands under the id of a call is bound to: to what was shown of it, and to what was asked
 * for. Never the digest of a call, so that nothing goes out under it.
 */
export function standingDigest(parts: { orgId: string; callId: string; askedDigest: string; stands: JsonObject }): string {
  return canonicalHash({ org: parts.orgId, call_id: parts.callId, asked: parts.askedDigest, stands: parts.stands });
}

/**
 * What the run's ticket binds: all that a run does is in its plan and its employee graph, apart from the event itself; a
 * retry also goes on from what earlier runs had reached.
 */
export function planHash(plan: RunPlan, graph: EmployeeGraph, resume?: ResumeDigests): string {
  return canonicalHash({ plan, graph, ...(resume && { resume }) });
}

export function resumeDigests(skills: RunResume['skills']): ResumeDigests {
  return Object.fromEntries(Object.entries(skills).map(([visit, skill]) => [visit, canonicalHash(skill)]));
}
