import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isObject } from '../openapi/place.ts';
import { DocumentProblem, pointerPart } from '../openapi/problem.ts';
import { deriveSchema, plainText, type SchemaUse } from '../openapi/schema.ts';
import { createShape } from '../providers/shape.ts';
import type { StoredTool } from './stored.ts';
import { digestOfTool, type Tool } from './tools.ts';

/** A tool as its organisation wants it. */
export interface WantedTool {
  tool: string;
  capability: string;
  title?: string | undefined;
  permission: string;
  risk: StoredTool['risk'];
  timeout_ms?: number | undefined;
}

const MAX_PARTS = 600;
const TIMEOUT_MS = 30_000;
const NO_ARGUMENTS: JsonObject = { type: 'object', properties: {}, additionalProperties: false };
const TEXT: JsonObject = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
};

/**
 * The chosen tools as capabilities, each with the digest of what the server says of it now.
 *
 * @throws ClancyError `invalid_request` that names each culprit
 */
export function deriveTools(tools: readonly Tool[], wanted: readonly WantedTool[]): Omit<StoredTool, 'version'>[] {
  const problems: DocumentProblem[] = [];
  const derived = wanted.flatMap((one, index) => {
    try {
      return [deriveTool(tools, one, index)];
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      problems.push(error);
      return [];
    }
  });
  if (problems.length === 0) return derived;
  throw new ClancyError('invalid_request', 'These tools cannot be used as they are.', {
    fields: problems.map(({ pointer, message }) => ({ field: pointer, message })),
    next: 'Leave them out, or have their server describe them otherwise.',
  });
}

function deriveTool(tools: readonly Tool[], wanted: WantedTool, index: number): Omit<StoredTool, 'version'> {
  const tool = tools.find(({ name }) => name === wanted.tool);
  if (!tool) throw new DocumentProblem(`/tools/${index}/tool`, 'the server offers no such tool to this key');
  const input = takesNothing(tool.inputSchema) ? NO_ARGUMENTS : schemaOf(tool, 'inputSchema');
  assertNoHeaders(tool, tool.inputSchema);
  const output = tool.outputSchema ? schemaOf(tool, 'outputSchema') : undefined;
  for (const schema of [input, output ?? TEXT]) assertCompiles(tool, schema);
  return {
    tool: tool.name,
    digest: digestOfTool(tool),
    capability: wanted.capability,
    title: wanted.title ?? plainText(tool.title ?? tool.name, 80),
    description: plainText(tool.description ?? tool.title ?? tool.name, 400),
    permission: wanted.permission,
    risk: wanted.risk,
    input_schema: input,
    output_schema: output ?? TEXT,
    is_structured: output !== undefined,
    timeout_ms: wanted.timeout_ms ?? TIMEOUT_MS,
  };
}

/** A tool that names no argument gets none. */
function takesNothing({ properties = {}, type }: JsonObject): boolean {
  return type === 'object' && isObject(properties) && Object.keys(properties).length === 0;
}

/** Small and closed, as those of OpenAPI documents are made (`openapi/schema.ts`). */
function schemaOf(tool: Tool, part: 'inputSchema' | 'outputSchema'): JsonObject {
  const document = tool[part] ?? {};
  const use: SchemaUse = {
    document,
    dialect: '3.1',
    direction: part === 'inputSchema' ? 'input' : 'output',
    leaveOut: () => undefined,
    budget: MAX_PARTS,
  };
  const { $schema: _dialect, $defs: _definitions, definitions: _older, ...root } = document;
  try {
    return deriveSchema(use, { value: root, pointer: '' });
  } catch (error) {
    if (!(error instanceof DocumentProblem)) throw error;
    throw new DocumentProblem(`${pointerPart(tool.name)}/${part}${error.pointer}`, error.message);
  }
}

/** Arguments that a server wants repeated in headers (`x-mcp-header`) are not: headers are written in more logs than bodies. */
function assertNoHeaders(tool: Tool, schema: JsonObject): void {
  if (!JSON.stringify(schema).includes('"x-mcp-header"')) return;
  throw new DocumentProblem(`${pointerPart(tool.name)}/inputSchema`, 'wants arguments in headers, which is not supported');
}

function assertCompiles(tool: Tool, schema: JsonObject): void {
  try {
    createShape(schema);
    createShape(schema, { cut: true });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown';
    throw new DocumentProblem(pointerPart(tool.name), `its schema is none (${said})`);
  }
}
