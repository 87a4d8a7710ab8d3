import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stacks of failures into a payload, which the codec encrypts; without it they stand in the open. The SDK
 * loads this file by its path, in Node and into the bundle of the workflows: hence JavaScript.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

/** By this a worker knows that a bundle made ahead has it. */
export const marker = 'clancy-encodes-failures';
