import type { Json, JsonObject } from '../../../contracts/json.ts';

export interface ModelQuestion {
  instructions: string;
  /** What the instructions are about. Sent apart from them: text from outside never commands. */
  data: Json;
  /** JSON Schema of the answer (type object). */
  schema: JsonObject;
  signal?: AbortSignal;
}

/** A model that answers with data of a given shape. */
export interface StructuredModel {
  /**
   * @throws ClancyError `model_failed` when the answer does not fit the schema or the model refuses the question.
   * @throws ModelUnavailable when the same question may be answered later.
   */
  answer(question: ModelQuestion): Promise<JsonObject>;
}

/** The model did not answer: rate limit, time-out, connection, 5xx. */
export class ModelUnavailable extends Error {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelUnavailable';
    this.retryAfterMs = retryAfterMs;
  }
}
