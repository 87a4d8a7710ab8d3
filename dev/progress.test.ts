import { describe, expect, it } from 'vitest';
import { formatStep } from './progress.ts';

describe('formatStep', () => {
  it('tells how long a finished step took', () => {
    const step = { what: 'PostgreSQL 18.4 (embedded) started', state: 'done', elapsedMs: 812 } as const;
    expect(formatStep(step)).toBe('PostgreSQL 18.4 (embedded) started in 0.8 s');
  });

  it('shows detail and time so far of a step that goes on', () => {
    const step = { what: 'Building Temporal', state: 'running', detail: '412 packages', elapsedMs: 125_000 } as const;
    expect(formatStep(step)).toBe('Building Temporal: 412 packages (2 min 05 s)');
  });

  it('never shows sixty seconds as 60.0 s', () => {
    expect(formatStep({ what: 'x', state: 'done', elapsedMs: 59_990 })).toBe('x in 1 min 00 s');
  });

  it('marks a warning', () => {
    expect(formatStep({ what: 'Port 7233 is taken', state: 'warning' })).toBe('Warning: Port 7233 is taken');
  });
});
