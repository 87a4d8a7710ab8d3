import type { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter: DefaultFailureConverter;
export const marker: string;
