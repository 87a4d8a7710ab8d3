import { and, eq, notInArray } from 'drizzle-orm';
import { canonicalHash } from '../../contracts/digest.ts';
import type { Explanation, TriggerProposal } from '../../contracts/employee-graph.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { schedules } from '../../db/schema/core/schedules.ts';
import type { AdoptedSchedule } from './adopted-view.ts';
import { changeSchedule, type ScheduleChange, type ScheduleRow } from './find.ts';
import { DEFAULT_CATCH_UP_SECONDS, DEFAULT_OVERLAP, insertSchedule } from './insert.ts';
import { dropSchedule } from './switch.ts';
import { readTimes } from './times/read-times.ts';
import { readTimezone } from './times/zone.ts';

/** For times whose zone neither the job description nor the request says. The answer tells where each zone is from. */
const DEFAULT_TIMEZONE = 'UTC';

interface Wanted {
  cron: string;
  timezone: string;
  timezoneFrom: 'job_description' | 'request' | 'default';
  sentences: string[];
  /** Entry nodes of the duties that start then; undefined where all do. */
  duties: string[] | undefined;
}

export interface Adoption {
  employeeId: string;
  explanation: Explanation;
  /** Whether the times of the job description are turned on at all. */
  setting: 'on' | 'off';
  /** For times without a zone. */
  timezone: string | undefined;
}

/**
 * Turns on the times that a version's job description states: a schedule that an earlier version had for the same cron
 * expression is kept, with what people set at it; those of times that are stated no more end. Schedules that people made are
 * theirs.
 *
 * @throws ClancyError `invalid_request` for a zone or a cron expression that cannot be read.
 */
export async function adoptSchedules(tx: OrgTx, scope: OrgScope, adoption: Adoption): Promise<AdoptedSchedule[]> {
  const wanted = adoption.setting === 'on' ? wantedOf(adoption) : [];
  const spare = new Set(await currentOnes(tx, adoption.employeeId));
  const adopted: AdoptedSchedule[] = [];
  for (const one of wanted) {
    const same = [...spare].filter(({ times }) => 'cron' in times && times.cron === one.cron);
    const current = same.find(({ timezone }) => timezone === one.timezone) ?? same[0];
    if (current) spare.delete(current);
    const row = current ? await keep(tx, scope, current, one) : await make(tx, scope, adoption.employeeId, one);
    adopted.push(toAdopted(row, one));
  }
  for (const stated of spare) await dropSchedule(tx, stated);
  return adopted;
}

/** One per cron expression and zone: sentences that state the same times share it. */
function wantedOf({ explanation, timezone: requested }: Adoption): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const trigger of explanation.triggers) {
    if (trigger.type !== 'schedule') continue;
    const [timezone, timezoneFrom] = zoneOf(trigger, requested);
    readTimes({ cron: trigger.cron });
    const key = `${trigger.cron} ${timezone}`;
    const known = wanted.get(key);
    const duties = explanation.triggers.length > 1 ? [...(known?.duties ?? []), ...(trigger.duties ?? [])] : undefined;
    const sentences = [...(known?.sentences ?? []), trigger.sentence];
    wanted.set(key, { cron: trigger.cron, timezone, timezoneFrom, sentences, duties });
  }
  return [...wanted.values()];
}

function zoneOf(
  trigger: Extract<TriggerProposal, { type: 'schedule' }>,
  requested: string | undefined,
): [string, Wanted['timezoneFrom']] {
  if (trigger.timezone !== null) return [readTimezone(trigger.timezone), 'job_description'];
  return requested === undefined ? [DEFAULT_TIMEZONE, 'default'] : [readTimezone(requested), 'request'];
}

async function currentOnes(tx: OrgTx, employeeId: string): Promise<ScheduleRow[]> {
  return tx.db
    .select()
    .from(schedules)
    .where(
      and(
        eq(schedules.orgId, tx.orgId),
        eq(schedules.employeeId, employeeId),
        eq(schedules.source, 'job_description'),
        notInArray(schedules.status, ['deleted', 'retired']),
      ),
    )
    .orderBy(schedules.createdAt, schedules.scheduleId)
    .for('update');
}

async function make(tx: OrgTx, scope: OrgScope, employeeId: string, wanted: Wanted): Promise<ScheduleRow> {
  return insertSchedule(tx, {
    employeeId,
    ownerUserId: scope.actor.id,
    source: 'job_description',
    sentence: sentenceOf(wanted),
    times: { cron: wanted.cron },
    timezone: wanted.timezone,
    overlap: DEFAULT_OVERLAP,
    catchUpSeconds: DEFAULT_CATCH_UP_SECONDS,
    input: inputOf({}, wanted),
  });
}

/** Paused stays paused; one that had lost its owner gets the person who activates. */
async function keep(tx: OrgTx, scope: OrgScope, row: ScheduleRow, wanted: Wanted): Promise<ScheduleRow> {
  const change: ScheduleChange = {
    sentence: sentenceOf(wanted),
    input: inputOf(row.input, wanted),
    ...(wanted.timezoneFrom !== 'default' && { timezone: wanted.timezone }),
    ...(row.status === 'needs_owner' && { status: 'active', statusNote: null, ownerUserId: scope.actor.id }),
  };
  const isSame = Object.entries(change).every(
    ([name, value]) => canonicalHash(row[name as keyof ScheduleChange]) === canonicalHash(value),
  );
  if (isSame) return row;
  tx.audit({ action: 'schedule.update', objectType: 'schedule', objectId: row.scheduleId, allowed: true });
  return changeSchedule(tx, row, change);
}

function sentenceOf({ sentences }: Wanted): string {
  return [...new Set(sentences)].join(' ');
}

/** `duties` chooses among the duties of an employee whose duties start at different times. */
function inputOf(before: JsonObject, { duties }: Wanted): JsonObject {
  const { duties: _old, ...others } = before;
  return duties === undefined || duties.length === 0 ? others : { ...others, duties };
}

function toAdopted(row: ScheduleRow, { cron, timezone, timezoneFrom, sentences }: Wanted): AdoptedSchedule {
  return {
    schedule_id: row.scheduleId,
    cron,
    timezone: row.timezone,
    timezone_from: row.timezone === timezone ? timezoneFrom : 'schedule',
    sentence: [...new Set(sentences)].join(' '),
    status: row.status,
    links: { self: `/v1/schedules/${row.scheduleId}` },
  };
}
