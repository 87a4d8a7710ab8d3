import type { Json } from '../../contracts/json.ts';
import type { MemoryAnswer, MemorySummaryAnswer } from '../client/answers/memory.ts';
import { fields, page, section, table } from '../output/table.ts';
import { oneLine, safeJson, shorten } from '../output/plain-text.ts';
import { formatInstant } from '../output/time.ts';

const WIDTH = 60;

export function renderMemory(memory: MemoryAnswer): string {
  return page([
    fields([
      ['Memory', memory.memory_id],
      ['Key', memory.key],
      ['Value', renderValue(memory.value)],
      ['Kind', memory.kind],
      ['Of', renderPlace(memory)],
      ['Confidence', memory.confidence.toFixed(2)],
      ['Source', renderSource(memory)],
      ['Written', formatInstant(memory.updated_at)],
      ['Last used', memory.used_at ? formatInstant(memory.used_at) : 'never'],
      ['Expires', memory.expires_at ? formatInstant(memory.expires_at) : undefined],
    ]),
    ...section(
      'Versions',
      table(
        ['VERSION', 'WRITTEN', 'SOURCE', 'VALUE'],
        memory.versions.map((one) => [
          String(one.version),
          formatInstant(one.written_at),
          renderSource(one),
          shorten(renderValue(one.value), WIDTH),
        ]),
      ),
    ),
  ]);
}

export function renderRow(memory: MemorySummaryAnswer): string[] {
  return [
    memory.memory_id,
    renderPlace(memory),
    memory.kind,
    memory.key,
    shorten(renderValue(memory.value), WIDTH),
    memory.confidence.toFixed(2),
    renderSource(memory),
  ];
}

function renderPlace({ scope, employee_id, skill }: MemorySummaryAnswer): string {
  if (skill) return `${employee_id ?? ''} ${skill}`;
  return employee_id ?? scope;
}

function renderSource({ source }: Pick<MemorySummaryAnswer, 'source'>): string {
  return source.type === 'run' ? source.id : `${source.type} ${source.id}`;
}

function renderValue(value: Json): string {
  return typeof value === 'string' ? oneLine(value) : safeJson(value);
}
