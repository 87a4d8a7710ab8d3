import type { Json, JsonObject } from '../../contracts/json.ts';

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

/** What a model may ask for in a conversation. */
export interface ModelTool {
  /** `[a-zA-Z0-9_-]`, 64 at most. */
  name: string;
  description: string;
  /** JSON Schema of its parameters (type object). */
  schema: JsonObject;
}

export interface ToolUse {
  id: string;
  name: string;
  /** As the model gave it: nobody has checked it. */
  input: JsonObject;
}

/** A conversation after its instructions and data. Plain JSON: it travels in checkpoints. */
export type ModelTurn = { uses: ToolUse[] } | { results: { id: string; text: string }[] };

export interface ToolQuestion extends Omit<ModelQuestion, 'schema'> {
  tools: ModelTool[];
  turns: ModelTurn[];
}

/** A model that works with tools: each answer is the uses that it asks for, one at least. */
export interface ToolModel {
  /** @throws ClancyError `model_failed` or ModelUnavailable, as `answer` does. */
  next(question: ToolQuestion): Promise<ToolUse[]>;
}

/** What skills may ask of a model. */
export type Model = StructuredModel & ToolModel;

/** Tokens of a question and of its answer. */
export interface TokenUse {
  readonly input: number;
  readonly output: number;
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
