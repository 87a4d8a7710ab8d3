/** What was seen in a window: the runs that ended, what people were asked, what calls left. Nothing of it is a guess. */
export interface Evidence {
  since: Date;
  until: Date;
  employees: EmployeeSeen[];
  runs: RunSeen[];
  approvals: ApprovalSeen[];
  /** Null where ConnectHub did not tell. */
  calls: CallsSeen[] | null;
}

export interface EmployeeSeen {
  employeeId: string;
  name: string;
  isActive: boolean;
  activatedAt: Date | null;
  /** A run of it was asked for within the window, ended or not. */
  wasAsked: boolean;
  /** Of its active version and of those that ran. */
  skills: Map<string, SkillSeen>;
  /** Nodes of its active version. */
  activeSkills: string[];
  /** Qualified capabilities that destroy: always asked about. */
  destructive: Set<string>;
}

export interface SkillSeen {
  title: string;
  template: string | null;
}

/** A run that ended. */
export interface RunSeen {
  runId: string;
  employeeId: string;
  status: 'completed' | 'failed' | 'interrupted';
  error: string | null;
  errorCode: string | null;
  /** From its start to its end. */
  latencyMs: number;
  skills: { node: string; status: 'completed' | 'failed' | 'interrupted' | 'skipped' }[];
}

export interface ApprovalSeen {
  approvalId: string;
  runId: string;
  employeeId: string;
  /** Null for a question of no skill. */
  skill: string | null;
  /** Null for a question without a call. */
  capability: string | null;
  parameters: { [name: string]: unknown };
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  isEdited: boolean;
  /** From the question to the answer; null without one. */
  waitMs: number | null;
}

export interface CallsSeen {
  employeeId: string;
  skill: string;
  capability: string;
  outcome: string;
  errorCode: string | null;
  calls: number;
  latencyMs: number;
  costUnits: number;
  runIds: string[];
}
