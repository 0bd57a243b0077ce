import type { PostedAlert } from '../alert/posted-alert.ts';
import type { Nanos } from '../base/time.ts';
import type {
  ActionRun, Alert, AuditEvent, CheckId, CheckState, Delivery, EvidenceManifest, FlowRecord, Incident, IncidentId, IncidentPhase,
  Notification, NotifyDecision, PathTrace, ProbeResult, ProtocolKind, ProtocolRecord, Role, StateChange, TargetId, TimelineEntry,
  UplinkVerdict,
} from '../model/index.ts';

/**
 * What the program offers to its two clients, the API and (through it) the command line and the console.
 *
 * Implemented in the pipeline, consumed by `api` as types only. Instants are `Nanos`; the API writes them as strings of digits.
 * A thing that does not exist is a `WirewatchError` WW_NOT_FOUND; a filter that does not compile WW_FILTER_*, its `where` the text
 * with the caret on the next line. Methods that change something take the actor's name for the record.
 */
export interface Services {
  readonly health: HealthService;
  readonly overview: OverviewService;
  readonly filters: FilterService;
  readonly flows: FlowService;
  readonly records: RecordService;
  readonly packets: PacketService;
  readonly alerts: AlertService;
  readonly incidents: IncidentService;
  readonly evidence: EvidenceService;
  readonly notifications: NotificationService;
  readonly actions: ActionService;
  readonly silences: SilenceService;
  readonly config: ConfigService;
  readonly audit: AuditService;
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly doctor: DoctorService;
  readonly drill: DrillService;
  /** The demo's mail catcher; null where none runs. */
  readonly mail: MailService | null;
  readonly events: EventService;
}

/** One page of a long list. `cursor` is opaque; null = no more. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly cursor: string | null;
}

export interface PageQuery {
  /** At most this many rows; the API allows 1 to 1,000. */
  readonly limit: number;
  readonly cursor: string | null;
}

export interface HealthService {
  get(): Promise<Health>;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly uptimeSeconds: number;
  /** `capture`, `prober`, `store`, `outbox`, ...: what each says of itself. */
  readonly parts: Readonly<Record<string, { readonly state: string; readonly detail?: string }>>;
}

// Overview

export interface OverviewService {
  get(): Promise<Overview>;
  /** Everything about one check; `from..to` bounds the results. */
  check(id: string, from: Nanos, to: Nanos): Promise<CheckDetail>;
}

export interface Overview {
  readonly now: Nanos;
  readonly checks: readonly CheckOverview[];
  /** Interfaces and files being captured, with their state. */
  readonly captures: readonly CaptureStatus[];
  /** Traffic of the last minutes, oldest first, one sample a second or slower. */
  readonly traffic: readonly TrafficSample[];
  readonly uplink: UplinkVerdict | null;
  /** Incidents that are not closed. */
  readonly openIncidents: number;
  readonly firingAlerts: number;
  /** True in `--demo`: the console shows the mail page. */
  readonly demo: boolean;
}

export interface CheckOverview {
  readonly checkId: CheckId;
  readonly targetId: TargetId;
  readonly title: string;
  /** Address or name that is probed. */
  readonly target: string;
  /** `icmp`, `tcp`, `http`, `dns`. */
  readonly probe: string;
  readonly state: CheckState;
  /** Since when it has this state; null before the first round. */
  readonly since: Nanos | null;
  /** Why it has this state; empty where nothing is to say. */
  readonly reason: string;
  readonly lastTime: Nanos | null;
  /** Median of the last round, nanoseconds; null = nothing answered. */
  readonly lastRttNs: number | null;
  /** Loss of the last round, 0..1. */
  readonly lastLoss: number | null;
  /** The last rounds, oldest first, at most 120. */
  readonly rounds: readonly RoundSummary[];
}

/** One round in short, enough for a smoke graph. */
export interface RoundSummary {
  readonly time: Nanos;
  readonly ok: boolean;
  readonly medianNs: number | null;
  readonly minNs: number | null;
  readonly maxNs: number | null;
  readonly loss: number;
}

export interface CheckDetail {
  readonly check: CheckOverview;
  readonly results: readonly ProbeResult[];
  readonly changes: readonly StateChange[];
  readonly paths: readonly PathTrace[];
}

export interface CaptureStatus {
  /** Interface name, or the file's name. */
  readonly linkId: string;
  /** `live` on an interface, `file` being played. */
  readonly kind: 'live' | 'file';
  readonly state: 'running' | 'stopped' | 'failed' | 'unprivileged';
  /** What is wrong and the one command that mends it; null where all is well. */
  readonly detail: string | null;
  readonly packets: number;
  readonly bytes: number;
  readonly dropped: number;
  /** Share lost, 0..1; null = unknown. */
  readonly loss: number | null;
}

export interface TrafficSample {
  readonly time: Nanos;
  readonly bitsPerSecond: number;
  readonly packetsPerSecond: number;
  readonly flowsPerSecond: number;
  readonly droppedPerSecond: number;
}

// Filters, flows, records

export type FilterScope = 'flows' | 'packets' | ProtocolKind;

export interface FilterService {
  /** Fields that a filter may name in that place, sorted by name. */
  fields(scope: FilterScope): Promise<readonly FilterField[]>;
  check(scope: FilterScope, text: string): Promise<FilterVerdict>;
}

export interface FilterField {
  readonly name: string;
  readonly title: string;
  readonly type: string;
}

export interface FilterVerdict {
  readonly ok: boolean;
  /** Null where ok. */
  readonly error: FilterProblem | null;
}

export interface FilterProblem {
  readonly code: string;
  readonly message: string;
  /** The text with a caret under the place, on the next line, as `WirewatchError` has it. */
  readonly where: string | null;
  readonly remedy: string | null;
}

export interface SearchQuery extends PageQuery {
  /** Display filter; empty = everything. */
  readonly filter: string;
  /** Null = no bound on that side. */
  readonly from: Nanos | null;
  readonly to: Nanos | null;
}

export interface SearchPage<T> extends Page<T> {
  /** Rows that were looked at, so that "nothing found" means something. */
  readonly scanned: number;
}

export interface FlowService {
  /** Newest first. */
  search(query: SearchQuery): Promise<SearchPage<FlowRecord>>;
  get(id: string): Promise<FlowRecord>;
  /** Where this flow's packets are kept; empty where none are. */
  packets(id: string): Promise<readonly PacketsLocation[]>;
}

export interface PacketsLocation {
  /** A capture of `PacketService`. */
  readonly capture: string;
  readonly title: string;
  /** Display filter that selects the flow's frames in it. */
  readonly filter: string;
}

export interface RecordService {
  search(kind: ProtocolKind, query: SearchQuery): Promise<SearchPage<ProtocolRecord>>;
}

// Packets

export interface PacketService {
  captures(): Promise<readonly CaptureFile[]>;
  frames(capture: string, query: FrameQuery): Promise<FramePage>;
  /** One frame in full detail, rebuilt by replaying its conversation. Frame numbers from 1. */
  frame(capture: string, frame: number): Promise<FrameDetail>;
  /** The bytes of the frame's sources (`FrameDetail.sources`, same order). A payload view. */
  bytes(capture: string, frame: number): Promise<readonly Uint8Array[]>;
}

export interface CaptureFile {
  /** Opaque, fit for a URL path segment once encoded. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'evidence' | 'file';
  /** Incident whose evidence it is; null for imported files. */
  readonly incidentId: string | null;
  readonly sha256: string;
  readonly bytes: number;
  /** Null = not counted yet. */
  readonly frames: number | null;
  readonly from: Nanos | null;
  readonly to: Nanos | null;
}

export interface FrameQuery {
  readonly filter: string;
  /** Only frames with a number above this one. */
  readonly after: number;
  readonly limit: number;
}

export interface FramePage {
  readonly rows: readonly FrameRow[];
  /** Number to ask on after; null = the end was reached. */
  readonly nextAfter: number | null;
  readonly scanned: number;
  /** Why reading stopped early (damaged at offset n); null where it did not. */
  readonly problem: string | null;
}

export interface FrameRow {
  readonly number: number;
  readonly time: Nanos;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly wireLen: number;
  readonly caplen: number;
  readonly info: string;
}

export interface FrameDetail {
  readonly row: FrameRow;
  readonly tree: readonly TreeNode[];
  readonly sources: readonly FrameSource[];
}

/** Bytes that the tree's ranges point into: the frame itself, then what was reassembled, inflated or decrypted. */
export interface FrameSource {
  readonly title: string;
  readonly length: number;
}

export interface TreeNode {
  /** Field name, `tcp.srcport`; a layer's is the protocol's name. */
  readonly name: string;
  /** The line to show, `Source port: 443`. */
  readonly text: string;
  /** Index in `sources`. */
  readonly source: number;
  /** Byte range in the source; length 0 = a generated field. */
  readonly at: number;
  readonly length: number;
  /** A filter that finds this value, `tcp.srcport == 443`; null where none can. */
  readonly filter: string | null;
  /** Severity of an oddity on this line; null = none. */
  readonly expert: 'chat' | 'note' | 'warn' | 'error' | null;
  readonly children: readonly TreeNode[];
}

// Alerts, incidents, evidence

export interface AlertService {
  list(query: PageQuery & { readonly state: Alert['state'] | null }): Promise<Page<Alert>>;
  get(fingerprint: string): Promise<Alert>;
  /** Alerts of another program: all of them, or none where one does not fit. Durable when it resolves. */
  accept(posted: readonly PostedAlert[]): Promise<void>;
}

export interface IncidentQuery extends PageQuery {
  readonly phase: IncidentPhase | null;
  /** `open` = every phase but closed. */
  readonly status: 'open' | 'closed' | 'all';
}

export interface IncidentService {
  /** Open ones first, then newest first. */
  list(query: IncidentQuery): Promise<Page<Incident>>;
  get(id: string): Promise<IncidentDetail>;
  acknowledge(id: string, actor: string): Promise<Incident>;
  assign(id: string, assignee: string | null, actor: string): Promise<Incident>;
  note(id: string, text: string, actor: string): Promise<TimelineEntry>;
  phase(id: string, phase: IncidentPhase, actor: string): Promise<Incident>;
  close(id: string, resolution: string, actor: string): Promise<Incident>;
}

export interface IncidentDetail {
  readonly incident: Incident;
  readonly timeline: readonly TimelineEntry[];
  readonly alerts: readonly Alert[];
  readonly evidence: readonly EvidenceSummary[];
  readonly notifications: readonly NotificationDetail[];
  readonly actions: readonly ActionRun[];
  /** Path to the target before and when it opened; null where none was traced. */
  readonly paths: { readonly before: PathTrace | null; readonly after: PathTrace | null };
}

export interface EvidenceSummary {
  readonly manifest: EvidenceManifest;
  /** Result of the last verification. */
  readonly verdict: 'unverified' | 'intact' | 'damaged';
  readonly verifiedAt: Nanos | null;
  /** SHA-256 of the manifest itself, hex. */
  readonly manifestSha256: string;
  /** `PacketService` captures in the bundle, by the file's path in it. */
  readonly captures: Readonly<Record<string, string>>;
}

export interface EvidenceService {
  list(query: PageQuery): Promise<Page<EvidenceSummary>>;
  get(id: string): Promise<EvidenceSummary>;
  /** Hashes every file again. */
  verify(id: string): Promise<EvidenceVerification>;
  /** One file of the bundle by its path in the manifest; nothing else can be named. */
  file(id: string, path: string): Promise<EvidenceContent>;
  /** The whole bundle as a tar archive. */
  archive(id: string): Promise<EvidenceContent>;
}

export interface EvidenceVerification {
  readonly id: string;
  readonly ok: boolean;
  readonly verifiedAt: Nanos;
  readonly files: readonly { readonly path: string; readonly ok: boolean; readonly problem: string | null }[];
}

export interface EvidenceContent {
  /** Name to save it under. */
  readonly fileName: string;
  readonly mediaType: string;
  /** Null = not known before. */
  readonly bytes: number | null;
  readonly content: AsyncIterable<Uint8Array>;
}

// Notifications, actions, silences

export interface NotificationDetail {
  readonly notification: Notification;
  readonly deliveries: readonly Delivery[];
}

export interface NotificationService {
  list(query: PageQuery & { readonly incidentId: string | null }): Promise<Page<NotificationDetail>>;
  /** Why something was, or was not, sent. */
  decisions(query: PageQuery & { readonly fingerprint: string | null }): Promise<Page<NotifyDecision>>;
  /** Sends a test message by one receiver, past routing and silences. */
  test(receiver: string, actor: string): Promise<readonly Delivery[]>;
}

export interface ActionService {
  list(query: PageQuery & { readonly waiting: boolean }): Promise<Page<ActionRun>>;
  get(id: string): Promise<ActionRun>;
  approve(id: string, actor: string): Promise<ActionRun>;
  reject(id: string, reason: string, actor: string): Promise<ActionRun>;
  revert(id: string, actor: string): Promise<ActionRun>;
}

export interface Silence {
  readonly id: string;
  /** Alertmanager's matchers as text, `name="port-scan"`, all must match. */
  readonly matchers: readonly string[];
  readonly startsAt: Nanos;
  readonly endsAt: Nanos;
  readonly createdBy: string;
  readonly comment: string;
  readonly state: 'pending' | 'active' | 'expired';
}

export interface SilenceService {
  list(): Promise<readonly Silence[]>;
  create(silence: Pick<Silence, 'matchers' | 'startsAt' | 'endsAt' | 'comment'>, actor: string): Promise<Silence>;
  expire(id: string, actor: string): Promise<Silence>;
}

// Configuration, audit, accounts

export interface ConfigView {
  /** File in force; null = built-in configuration. */
  readonly path: string | null;
  readonly loadedAt: Nanos;
  /** SHA-256 of the file in force, hex. */
  readonly sha256: string;
  /** YAML with every secret masked. */
  readonly text: string;
  /** Problems of the last refused reload; empty where there was none. */
  readonly problems: readonly ConfigProblem[];
}

export interface ConfigProblem {
  readonly code: string;
  readonly message: string;
  /** `path:line:column`. */
  readonly where: string | null;
  readonly remedy: string | null;
  readonly severity: 'error' | 'warning';
}

export interface ConfigService {
  get(): Promise<ConfigView>;
  /** Checks the file on disk without taking it. */
  check(): Promise<readonly ConfigProblem[]>;
  /** Takes the file on disk, or keeps the old one in force and says why. */
  reload(actor: string): Promise<ConfigView>;
}

export interface AuditQuery extends PageQuery {
  readonly actor: string | null;
  /** Prefix of the action: `incident.`, `payload.view`. */
  readonly action: string | null;
}

export interface AuditService {
  /** Newest first. */
  list(query: AuditQuery): Promise<Page<AuditEvent>>;
  verify(): Promise<{ readonly ok: boolean; readonly events: number; readonly brokenAt: number | null; readonly problem: string | null }>;
  /** Durable when it resolves. */
  write(event: { readonly actor: string; readonly action: string; readonly object: string; readonly details: Readonly<Record<string, string>> }): Promise<AuditEvent>;
}

/** A person's account. The hash is the API's business: PHC string of argon2id. */
export interface Account {
  readonly name: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly createdAt: Nanos;
  readonly disabled: boolean;
}

export interface AccountStore {
  list(): Promise<readonly Account[]>;
  find(name: string): Promise<Account | undefined>;
  /** Inserts; WW_CONFLICT where the name is taken. */
  create(account: Account): Promise<void>;
  /** Inserts only where no account exists at all; false where one does. One transaction, so that a set-up link works once. */
  createFirst(account: Account): Promise<boolean>;
  update(account: Account): Promise<void>;
}

/** A signed-in browser. Only a digest of the cookie is kept. */
export interface Session {
  /** SHA-256 of the cookie's value, hex. */
  readonly idHash: string;
  readonly name: string;
  readonly createdAt: Nanos;
  readonly expiresAt: Nanos;
}

export interface SessionStore {
  find(idHash: string): Promise<Session | undefined>;
  put(session: Session): Promise<void>;
  delete(idHash: string): Promise<void>;
  /** Ends every session of that name. */
  deleteAll(name: string): Promise<void>;
}

/** A key for programs. Only a digest is kept. */
export interface ApiToken {
  readonly id: string;
  readonly tokenHash: string;
  readonly title: string;
  /** Account on whose behalf it acts; its roles bound what the token may. */
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: Nanos;
  readonly expiresAt: Nanos | null;
}

export interface TokenStore {
  list(): Promise<readonly ApiToken[]>;
  findByHash(tokenHash: string): Promise<ApiToken | undefined>;
  put(token: ApiToken): Promise<void>;
  delete(id: string): Promise<void>;
}

// Doctor, drill, mail, live events

export interface DoctorService {
  run(): Promise<readonly DoctorFinding[]>;
}

export interface DoctorFinding {
  readonly check: string;
  readonly title: string;
  readonly verdict: 'ok' | 'warning' | 'problem';
  readonly detail: string;
  /** The one command or change that mends it; null where ok. */
  readonly remedy: string | null;
}

export interface DrillReport {
  readonly id: string;
  readonly scenario: string;
  readonly state: 'running' | 'passed' | 'failed';
  readonly startedAt: Nanos;
  readonly endedAt: Nanos | null;
  readonly startedBy: string;
  readonly stages: readonly DrillStage[];
}

export interface DrillStage {
  readonly name: string;
  readonly state: 'waiting' | 'passed' | 'failed';
  /** Since the fault began; null until it happened. */
  readonly afterMs: number | null;
  readonly detail: string;
}

export interface DrillService {
  scenarios(): Promise<readonly { readonly name: string; readonly title: string }[]>;
  list(): Promise<readonly DrillReport[]>;
  start(scenario: string, actor: string): Promise<DrillReport>;
  get(id: string): Promise<DrillReport>;
}

export interface CaughtMail {
  readonly id: string;
  readonly receivedAt: Nanos;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** `TLSv1.3`, or null where it came in the clear. */
  readonly tls: string | null;
}

export interface MailService {
  /** Newest first. */
  list(): Promise<readonly CaughtMail[]>;
}

/** What a console shows as it happens. Each is small; the reader fetches what it needs. */
export type LiveEvent =
  | { readonly type: 'check'; readonly check: CheckOverview }
  | { readonly type: 'traffic'; readonly sample: TrafficSample; readonly captures: readonly CaptureStatus[] }
  | { readonly type: 'uplink'; readonly uplink: UplinkVerdict }
  | { readonly type: 'incident'; readonly id: IncidentId }
  | { readonly type: 'alert'; readonly fingerprint: string; readonly state: Alert['state'] }
  | { readonly type: 'action'; readonly id: string; readonly state: ActionRun['state'] }
  | { readonly type: 'mail'; readonly id: string }
  | { readonly type: 'drill'; readonly id: string };

export interface EventService {
  /** Calls the listener for each event until the returned function is called. The listener neither blocks nor throws. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
