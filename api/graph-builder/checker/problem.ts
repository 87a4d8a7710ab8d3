/** What is wrong with a definition. Codes are stable; a manager or a model reads the rest. */
export type CheckCode =
  | 'capability_unknown'
  | 'permission_missing'
  | 'capabilities_differ'
  | 'dead_end'
  | 'unreachable'
  | 'loop_unbounded'
  | 'steps_too_few'
  | 'parameter_missing'
  | 'parameter_unknown'
  | 'parameter_type'
  | 'schema_invalid'
  | 'expression_invalid'
  | 'expression_forbidden'
  | 'policy_missing'
  | 'policy_too_broad'
  | 'graph_missing'
  | 'graph_recursive'
  | 'graph_too_deep'
  | 'parallel_wait'
  | 'supervisor_invalid'
  | 'id_clash'
  | 'secret_in_text'
  | 'too_many_visits'
  | 'too_many_calls';

export interface CheckProblem {
  code: CheckCode;
  /** Where: `nodes/mark_covered`, `skill_graphs/sg_x_v1/nodes/post`, `policy/3`. */
  path: string;
  /** Sentence of the job description that the place came from. */
  sentence?: string;
  message: string;
  /** What to do about it. */
  next: string;
}
