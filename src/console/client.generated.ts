// Written by `node scripts/gen-client.ts` from the routes of the API. Do not edit.

export type Nothing = Readonly<Record<string, never>>;

export type Account = { readonly name: string; readonly roles: readonly (Role)[]; readonly createdAt: Nanos; readonly disabled: boolean };

export type ActionPage = { readonly rows: readonly (ActionRun)[]; readonly cursor: string | null };

export type ActionRun = { readonly schema: number; readonly id: string; readonly plan: { readonly schema: number; readonly id: string; readonly action: string; readonly incidentId: string; readonly subject: string; readonly steps: readonly (string)[]; readonly impact: "none" | "low" | "high"; readonly options: Readonly<Record<string, unknown>>; readonly facts: Readonly<Record<string, string>>; readonly revertable: boolean; readonly verifyCheckId: string | null; readonly createdAt: Nanos; readonly drill: boolean }; readonly state: "planned" | "refused" | "waiting_approval" | "approved" | "rejected" | "executing" | "verifying" | "succeeded" | "failed" | "reverting" | "reverted" | "revert_failed" | "interrupted"; readonly reason: string; readonly log: readonly ({ readonly time: Nanos; readonly text: string })[]; readonly approvedBy: string | null; readonly startedAt: Nanos | null; readonly endedAt: Nanos | null };

export type Alert = { readonly schema: number; readonly fingerprint: string; readonly name: string; readonly kind: "threshold" | "anomaly" | "detection"; readonly state: "pending" | "firing" | "resolved"; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>>; readonly severity: Severity; readonly confidence: number; readonly techniques: readonly (string)[]; readonly activeAt: Nanos; readonly firedAt: Nanos | null; readonly resolvedAt: Nanos | null; readonly updatedAt: Nanos; readonly signals: number; readonly evidence: readonly (EvidenceRef)[]; readonly loss: number | null; readonly score: Readonly<Record<string, number>>; readonly drill: boolean };

export type AlertPage = { readonly rows: readonly (Alert)[]; readonly cursor: string | null };

export type ApiToken = { readonly id: string; readonly title: string; readonly name: string; readonly permissions: readonly (string)[]; readonly createdAt: Nanos; readonly expiresAt: Nanos | null };

export type AuditEvent = { readonly seq: number; readonly time: Nanos; readonly actor: string; readonly action: string; readonly object: string; readonly details: Readonly<Record<string, string>>; readonly previous: string; readonly hash: string };

export type AuditPage = { readonly rows: readonly (AuditEvent)[]; readonly cursor: string | null };

export type CaptureFile = { readonly id: string; readonly title: string; readonly kind: "evidence" | "file"; readonly incidentId: string | null; readonly sha256: string; readonly bytes: number; readonly frames: number | null; readonly from: Nanos | null; readonly to: Nanos | null };

export type CaptureStatus = { readonly linkId: string; readonly kind: "live" | "file"; readonly state: "running" | "stopped" | "failed" | "unprivileged"; readonly detail: string | null; readonly packets: number; readonly bytes: number; readonly dropped: number; readonly loss: number | null };

export type CaughtMail = { readonly id: string; readonly receivedAt: Nanos; readonly from: string; readonly to: readonly (string)[]; readonly subject: string; readonly text: string; readonly tls: string | null };

export type CheckOverview = { readonly checkId: string; readonly targetId: string; readonly title: string; readonly target: string; readonly probe: string; readonly state: CheckState; readonly since: Nanos | null; readonly reason: string; readonly lastTime: Nanos | null; readonly lastRttNs: number | null; readonly lastLoss: number | null; readonly rounds: readonly (RoundSummary)[] };

export type CheckState = "UP" | "DEGRADED" | "DOWN" | "UNREACHABLE" | "INCONCLUSIVE" | "MAINTENANCE" | "UNKNOWN";

export type ConfigProblem = { readonly code: string; readonly message: string; readonly where: string | null; readonly remedy: string | null; readonly severity: "error" | "warning" };

export type ConfigView = { readonly path: string | null; readonly loadedAt: Nanos; readonly sha256: string; readonly text: string; readonly problems: readonly (ConfigProblem)[] };

export type Delivery = { readonly schema: number; readonly id: string; readonly notificationId: string; readonly receiver: string; readonly position: number; readonly channel: string; readonly state: "queued" | "sending" | "delivered" | "retrying" | "failed" | "fell_back" | "collapsed"; readonly attempts: readonly ({ readonly time: Nanos; readonly outcome: string })[]; readonly nextAttemptAt: Nanos | null; readonly deadlineAt: Nanos; readonly deliveredAt: Nanos | null };

export type DoctorFinding = { readonly check: string; readonly title: string; readonly verdict: "ok" | "warning" | "problem"; readonly detail: string; readonly remedy: string | null };

export type Done = { readonly ok: true };

export type DrillReport = { readonly id: string; readonly scenario: string; readonly state: "running" | "passed" | "failed"; readonly startedAt: Nanos; readonly endedAt: Nanos | null; readonly startedBy: string; readonly stages: readonly ({ readonly name: string; readonly state: "waiting" | "passed" | "failed"; readonly afterMs: number | null; readonly detail: string })[] };

export type Evidence = { readonly manifest: { readonly schema: number; readonly id: string; readonly incidentId: string; readonly createdAt: Nanos; readonly from: Nanos; readonly to: Nanos; readonly sensorId: string; readonly missing: readonly (string)[]; readonly files: readonly ({ readonly path: string; readonly bytes: number; readonly sha256: string; readonly kind: string; readonly description: string })[] }; readonly verdict: "unverified" | "intact" | "damaged"; readonly verifiedAt: Nanos | null; readonly manifestSha256: string; readonly captures: Readonly<Record<string, string>> };

export type EvidencePage = { readonly rows: readonly (Evidence)[]; readonly cursor: string | null };

export type EvidenceRef = { readonly kind: "flow" | "record" | "probe" | "frames" | "path"; readonly dataset: string; readonly ids: readonly (string)[]; readonly frames: readonly (number)[]; readonly filter: string | null; readonly from: Nanos; readonly to: Nanos };

export type EvidenceVerification = { readonly id: string; readonly ok: boolean; readonly verifiedAt: Nanos; readonly files: readonly ({ readonly path: string; readonly ok: boolean; readonly problem: string | null })[] };

export type FilterField = { readonly name: string; readonly title: string; readonly type: string };

export type FilterScope = "flows" | "packets" | "dns" | "http" | "tls" | "dhcp" | "arp" | "anomaly" | "file" | "transaction";

export type FilterVerdict = { readonly ok: boolean; readonly error: { readonly code: string; readonly message: string; readonly where: string | null; readonly remedy: string | null } | null };

export type Flow = { readonly schema: number; readonly id: string; readonly dataset: string; readonly sensorId: string; readonly siteId: string; readonly linkId: string; readonly sampling: number; readonly loss: number | null; readonly time: Nanos; readonly srcIp: string; readonly dstIp: string; readonly srcPort: number; readonly dstPort: number; readonly proto: number; readonly service: readonly (string)[]; readonly firstFrame: number; readonly lastFrame: number; readonly end: Nanos; readonly duration: Nanos | null; readonly connState: string; readonly history: string; readonly srcBytes: number | null; readonly dstBytes: number | null; readonly srcPackets: number; readonly dstPackets: number; readonly srcIpBytes: number; readonly dstIpBytes: number; readonly missedBytes: number; readonly communityId: string; readonly vlans: readonly (number)[]; readonly srcMac: string | null; readonly dstMac: string | null; readonly direction: "internal" | "outbound" | "inbound" | "external"; readonly endReason: string };

export type FrameDetail = { readonly row: FrameRow; readonly tree: readonly (TreeNode)[]; readonly sources: readonly ({ readonly title: string; readonly length: number })[] };

export type FramePage = { readonly rows: readonly (FrameRow)[]; readonly nextAfter: number | null; readonly scanned: number; readonly problem: string | null };

export type FrameRow = { readonly number: number; readonly time: Nanos; readonly source: string; readonly destination: string; readonly protocol: string; readonly wireLen: number; readonly caplen: number; readonly info: string };

export type Health = { readonly status: "ok" | "degraded"; readonly version: string; readonly uptimeSeconds: number; readonly parts: Readonly<Record<string, { readonly state: string; readonly detail?: string }>> };

export type Identity = { readonly actor: string; readonly name: string | null; readonly via: "session" | "token" | "socket"; readonly roles: readonly (Role)[]; readonly permissions: readonly (Permission)[] };

export type Incident = { readonly schema: number; readonly id: string; readonly title: string; readonly phase: IncidentPhase; readonly severity: Severity; readonly openedAt: Nanos; readonly acknowledgedAt: Nanos | null; readonly acknowledgedBy: string | null; readonly mitigatedAt: Nanos | null; readonly closedAt: Nanos | null; readonly assignee: string | null; readonly alerts: readonly (string)[]; readonly joinKey: string; readonly evidence: readonly (string)[]; readonly drill: boolean };

export type IncidentDetail = { readonly incident: Incident; readonly timeline: readonly (TimelineEntry)[]; readonly alerts: readonly (Alert)[]; readonly evidence: readonly (Evidence)[]; readonly notifications: readonly (NotificationDetail)[]; readonly actions: readonly (ActionRun)[]; readonly paths: { readonly before: PathTrace | null; readonly after: PathTrace | null } };

export type IncidentPage = { readonly rows: readonly (Incident)[]; readonly cursor: string | null };

export type IncidentPhase = "triage" | "contain" | "eradicate" | "recover" | "closed";

export type Nanos = string;

export type NotificationDetail = { readonly notification: { readonly schema: number; readonly id: string; readonly groupKey: string; readonly groupLabels: Readonly<Record<string, string>>; readonly receiver: string; readonly reason: string; readonly status: "firing" | "resolved"; readonly severity: Severity; readonly subject: string; readonly body: string; readonly incidentId: string | null; readonly link: string | null; readonly alerts: readonly ({ readonly fingerprint: string; readonly status: "firing" | "resolved"; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>>; readonly startsAt: Nanos; readonly endsAt: Nanos | null })[]; readonly createdAt: Nanos; readonly drill: boolean }; readonly deliveries: readonly (Delivery)[] };

export type NotificationPage = { readonly rows: readonly (NotificationDetail)[]; readonly cursor: string | null };

export type NotifyDecision = { readonly schema: number; readonly id: string; readonly time: Nanos; readonly groupKey: string; readonly receiver: string; readonly sent: boolean; readonly reason: string; readonly notificationId: string | null; readonly fingerprints: readonly (string)[]; readonly muted: readonly ({ readonly fingerprint: string; readonly reason: string; readonly by: string })[] };

export type NotifyDecisionPage = { readonly rows: readonly (NotifyDecision)[]; readonly cursor: string | null };

export type Overview = { readonly now: Nanos; readonly checks: readonly (CheckOverview)[]; readonly captures: readonly (CaptureStatus)[]; readonly traffic: readonly (TrafficSample)[]; readonly uplink: UplinkVerdict | null; readonly openIncidents: number; readonly firingAlerts: number; readonly demo: boolean };

export type PacketsLocation = { readonly capture: string; readonly title: string; readonly filter: string };

export type PathTrace = { readonly targetId: string; readonly address: string; readonly method: "udp" | "icmp" | "tcp"; readonly time: Nanos; readonly reached: boolean; readonly identity: string; readonly hops: readonly ({ readonly ttl: number; readonly addresses: readonly (string)[]; readonly sent: number; readonly received: number; readonly rttNs: readonly (number | null)[] })[] };

export type Permission = "overview.read" | "flows.read" | "packets.read" | "payload.read" | "incidents.read" | "incidents.write" | "alerts.write" | "evidence.read" | "actions.approve" | "cases.write" | "config.read" | "config.write" | "drill.run" | "audit.read" | "users.write" | "metrics.read";

export type ProbeResult = { readonly schema: number; readonly id: string; readonly dataset: string; readonly sensorId: string; readonly siteId: string; readonly linkId: string; readonly sampling: number; readonly loss: number | null; readonly time: Nanos; readonly kind: "probe"; readonly checkId: string; readonly targetId: string; readonly probe: string; readonly ok: boolean; readonly failure: { readonly class: "name" | "unreachable" | "refused" | "timeout" | "tls" | "protocol" | "content" | "local"; readonly message: string } | null; readonly sent: number; readonly received: number; readonly rttNs: readonly (number | null)[]; readonly measurements: Readonly<Record<string, number>>; readonly notes: Readonly<Record<string, string>>; readonly duration: Nanos; readonly loopDelayNs: number };

export type ProtocolKind = "dns" | "http" | "tls" | "dhcp" | "arp" | "anomaly" | "file" | "transaction";

export type ProtocolRecord = { readonly schema: number; readonly id: string; readonly dataset: string; readonly sensorId: string; readonly siteId: string; readonly linkId: string; readonly sampling: number; readonly loss: number | null; readonly time: Nanos; readonly kind: ProtocolKind; readonly flowId: string; readonly srcIp: string; readonly dstIp: string; readonly srcPort: number; readonly dstPort: number; readonly proto: number; readonly firstFrame: number; readonly lastFrame: number; readonly [name: string]: unknown };

export type Role = "security-officer" | "network-administrator" | "it-department" | "analyst" | "auditor" | "viewer";

export type RoundSummary = { readonly time: Nanos; readonly ok: boolean; readonly medianNs: number | null; readonly minNs: number | null; readonly maxNs: number | null; readonly loss: number };

export type Severity = "critical" | "error" | "warning" | "info";

export type Silence = { readonly id: string; readonly matchers: readonly (string)[]; readonly startsAt: Nanos; readonly endsAt: Nanos; readonly createdBy: string; readonly comment: string; readonly state: "pending" | "active" | "expired" };

export type StateChange = { readonly checkId: string; readonly targetId: string; readonly time: Nanos; readonly from: CheckState; readonly to: CheckState; readonly hard: boolean; readonly reason: string; readonly steps: readonly ({ readonly time: Nanos; readonly step: string; readonly outcome: string })[] };

export type TimelineEntry = { readonly seq: number; readonly time: Nanos; readonly recordedAt: Nanos; readonly kind: string; readonly actor: string; readonly text: string; readonly refs: Readonly<Record<string, string>> };

export type TrafficSample = { readonly time: Nanos; readonly bitsPerSecond: number; readonly packetsPerSecond: number; readonly flowsPerSecond: number; readonly droppedPerSecond: number };

export type TreeNode = { readonly name: string; readonly text: string; readonly source: number; readonly at: number; readonly length: number; readonly filter: string | null; readonly expert: "chat" | "note" | "warn" | "error" | null; readonly children: readonly (TreeNode)[] };

export type UplinkVerdict = { readonly time: Nanos; readonly verdict: "connected" | "lost" | "unsure"; readonly anchorsAsked: number; readonly anchorsAnswered: number; readonly independent: boolean; readonly gateway: "answers" | "silent" | "none" | "unknown"; readonly link: "up" | "down" | "unknown"; readonly reason: string };

/** Every route by method and path, with the types of what it takes and gives. */
export interface Routes {
  /** Let a planned action run. */
  'POST /actions/:id/approve': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: ActionRun };
  /** Refuse a planned action. */
  'POST /actions/:id/reject': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: { readonly reason: string }; readonly response: ActionRun };
  /** Undo what an action did. */
  'POST /actions/:id/revert': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: ActionRun };
  /** One action run with its plan and log. */
  'GET /actions/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: ActionRun };
  /** Action runs, newest first. */
  'GET /actions': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly waiting?: string }; readonly body: Nothing; readonly response: ActionPage };
  /** One alert by its fingerprint. */
  'GET /alerts/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Alert };
  /** Take alerts of other programs, as Alertmanager does (its API, version 2). */
  'POST /alerts': { readonly params: Nothing; readonly query: Nothing; readonly body: readonly ({ readonly labels: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>>; readonly startsAt?: string; readonly endsAt?: string; readonly generatorURL?: string })[]; readonly response: Readonly<Record<string, never>> };
  /** Alerts, newest first. */
  'GET /alerts': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly state?: "pending" | "firing" | "resolved" | null }; readonly body: Nothing; readonly response: AlertPage };
  /** Check the hash chain of the audit. */
  'GET /audit/verify': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: { readonly ok: boolean; readonly events: number; readonly brokenAt: number | null; readonly problem: string | null } };
  /** Audit events, newest first. */
  'GET /audit': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly actor?: string | null; readonly action?: string | null }; readonly body: Nothing; readonly response: AuditPage };
  /** Captures that can be opened: evidence and imported files. */
  'GET /captures': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (CaptureFile)[] };
  /** One check: results, changes of state and traced paths in a time range. */
  'GET /checks/:id': { readonly params: { readonly id: string }; readonly query: { readonly from: string; readonly to: string }; readonly body: Nothing; readonly response: { readonly check: CheckOverview; readonly results: readonly (ProbeResult)[]; readonly changes: readonly (StateChange)[]; readonly paths: readonly (PathTrace)[] } };
  /** Check the file on disk without taking it. */
  'POST /config/check': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (ConfigProblem)[] };
  /** Take the file on disk; a wrong one leaves the old in force. */
  'POST /config/reload': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: ConfigView };
  /** The configuration in force, secrets masked. */
  'GET /config': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: ConfigView };
  /** What is missing on this machine, and its remedy. */
  'GET /doctor': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (DoctorFinding)[] };
  /** Drills that can be run. */
  'GET /drill-scenarios': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly ({ readonly name: string; readonly title: string })[] };
  /** Make a real fault and follow it through the pipeline. */
  'POST /drills': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly scenario: string }; readonly response: DrillReport };
  /** One drill with its stages. */
  'GET /drills/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: DrillReport };
  /** Drills that were run. */
  'GET /drills': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (DrillReport)[] };
  /** A whole bundle as a tar archive. Audited. */
  'GET /evidence/:id/archive': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Blob };
  /** One file of a bundle. Audited. */
  'GET /evidence/:id/file': { readonly params: { readonly id: string }; readonly query: { readonly path: string }; readonly body: Nothing; readonly response: Blob };
  /** Evidence bundles, newest first. */
  'GET /evidence': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null }; readonly body: Nothing; readonly response: EvidencePage };
  /** Hash every file of a bundle again and compare with its manifest. */
  'POST /evidence/:id/verify': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: EvidenceVerification };
  /** One bundle with its manifest. */
  'GET /evidence/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Evidence };
  /** Say whether a display filter is well formed, and where not. */
  'POST /filters/:scope/check': { readonly params: { readonly scope: FilterScope }; readonly query: Nothing; readonly body: { readonly text: string }; readonly response: FilterVerdict };
  /** Fields that a display filter may name there. */
  'GET /filters/:scope/fields': { readonly params: { readonly scope: FilterScope }; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (FilterField)[] };
  /** Where the packets of a flow are kept. */
  'GET /flows/:id/packets': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (PacketsLocation)[] };
  /** One flow. */
  'GET /flows/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Flow };
  /** Stored flows that match a display filter, newest first. */
  'GET /flows': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly filter?: string; readonly from?: string | null; readonly to?: string | null }; readonly body: Nothing; readonly response: { readonly rows: readonly (Flow)[]; readonly cursor: string | null; readonly scanned: number } };
  /** The bytes of a frame, base64, one text a source. Audited. */
  'GET /captures/:capture/frames/:frame/bytes': { readonly params: { readonly capture: string; readonly frame: number }; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (string)[] };
  /** One frame: its field tree with byte ranges. */
  'GET /captures/:capture/frames/:frame': { readonly params: { readonly capture: string; readonly frame: number }; readonly query: Nothing; readonly body: Nothing; readonly response: FrameDetail };
  /** Frames of a capture that match a display filter. */
  'GET /captures/:capture/frames': { readonly params: { readonly capture: string }; readonly query: { readonly filter?: string; readonly after?: number; readonly limit?: number }; readonly body: Nothing; readonly response: FramePage };
  /** How the program and its parts are. */
  'GET /health': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: Health };
  /** Say that somebody looks at it: escalation stops. */
  'POST /incidents/:id/acknowledge': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Incident };
  /** Give it to somebody, or to nobody. */
  'POST /incidents/:id/assign': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: { readonly assignee: string | null }; readonly response: Incident };
  /** Close it, with what was found. */
  'POST /incidents/:id/close': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: { readonly resolution: string }; readonly response: Incident };
  /** Add a note to the timeline. */
  'POST /incidents/:id/note': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: { readonly text: string }; readonly response: TimelineEntry };
  /** Move it to another phase. */
  'POST /incidents/:id/phase': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: { readonly phase: "triage" | "contain" | "eradicate" | "recover" }; readonly response: Incident };
  /** One incident with everything about it. */
  'GET /incidents/:id': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: IncidentDetail };
  /** Incidents: open ones first, then newest first. */
  'GET /incidents': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly phase?: IncidentPhase | null; readonly status?: "open" | "closed" | "all" }; readonly body: Nothing; readonly response: IncidentPage };
  /** What the demo's mail catcher got, newest first. */
  'GET /mail': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (CaughtMail)[] };
  /** Who I am and what I may. */
  'GET /me': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: Identity };
  /** Notifications with their deliveries, newest first. */
  'GET /notifications': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly incidentId?: string | null }; readonly body: Nothing; readonly response: NotificationPage };
  /** Why something was, or was not, sent; newest first. */
  'GET /notify-decisions': { readonly params: Nothing; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly fingerprint?: string | null }; readonly body: Nothing; readonly response: NotifyDecisionPage };
  /** Checks with their states, traffic, captures, uplink. */
  'GET /overview': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: Overview };
  /** Change my password; ends my other sessions. */
  'POST /me/password': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly current: string; readonly password: string }; readonly response: Done };
  /** Send a test message by one receiver. */
  'POST /receivers/:id/test': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (Delivery)[] };
  /** Stored transactions of one protocol that match a display filter, newest first. */
  'GET /records/:kind': { readonly params: { readonly kind: ProtocolKind }; readonly query: { readonly limit?: number; readonly cursor?: string | null; readonly filter?: string; readonly from?: string | null; readonly to?: string | null }; readonly body: Nothing; readonly response: { readonly rows: readonly (ProtocolRecord)[]; readonly cursor: string | null; readonly scanned: number } };
  /** Whether the first account is still to be made. */
  'GET /setup': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: { readonly needed: boolean } };
  /** Make the first account, with the token of the one-time link. */
  'POST /setup': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly token: string; readonly name: string; readonly password: string }; readonly response: Done };
  /** Sign in with name and password; sets the session cookie. */
  'POST /sign-in': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly name: string; readonly password: string }; readonly response: Done };
  /** End this session. */
  'POST /sign-out': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: Done };
  /** Keep back notifications that match, for a time. */
  'POST /silences': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly matchers: readonly (string)[]; readonly startsAt: string; readonly endsAt: string; readonly comment: string }; readonly response: Silence };
  /** End a silence now. */
  'POST /silences/:id/expire': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Silence };
  /** Silences. */
  'GET /silences': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (Silence)[] };
  /** Make a key for a program; its text is shown this once. */
  'POST /tokens': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly title: string; readonly name: string; readonly permissions: readonly (Permission)[]; readonly expiresAt?: string | null }; readonly response: { readonly token: ApiToken; readonly text: string } };
  /** Make a key useless. */
  'POST /tokens/:id/revoke': { readonly params: { readonly id: string }; readonly query: Nothing; readonly body: Nothing; readonly response: Done };
  /** Keys for programs; their secrets are not kept. */
  'GET /tokens': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (ApiToken)[] };
  /** Make an account. */
  'POST /users': { readonly params: Nothing; readonly query: Nothing; readonly body: { readonly name: string; readonly password: string; readonly roles: readonly (Role)[] }; readonly response: Account };
  /** Set roles, password or whether the account is in use; ends its sessions. */
  'POST /users/:name': { readonly params: { readonly name: string }; readonly query: Nothing; readonly body: { readonly roles?: readonly (Role)[]; readonly password?: string; readonly disabled?: boolean }; readonly response: Account };
  /** Accounts with their roles. */
  'GET /users': { readonly params: Nothing; readonly query: Nothing; readonly body: Nothing; readonly response: readonly (Account)[] };
}
