import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb, type Register } from '../verb.ts';
import { renderApproval } from './render-approval.ts';

function decision(name: 'approve' | 'reject', summary: string): Register {
  return verb({
    name,
    summary,
    arguments: [['<approval>', 'id of the approval']],
    options: [{ flags: '--reason <text>', description: 'why, for the employee and for those who look later' }],
    examples: [
      'clancy approvals show 0b6f8a86-8c53-4a0e-9d6c-0d6f5a1f6f10   (read exactly what will run first)',
      `clancy approvals ${name} 0b6f8a86-8c53-4a0e-9d6c-0d6f5a1f6f10`,
    ],
    input: z.strictObject({ approval: idInput, reason: z.string().optional() }),
    run: async ({ client, show }, { approval, reason }) => show(await client.approvals[name](approval, reason), renderApproval),
  });
}

export const approve = decision('approve', 'let exactly this call go out, once (or answer the question with yes)');
export const reject = decision('reject', 'say no: the call does not go out');
