// The JSON forms of what the API sends and takes. `id` in the meta names the schema in OpenAPI and in the generated client.
import { z } from 'zod';
import { PERMISSIONS, ROLES, type Permission, type Role } from '../model/index.ts';

/** An instant: nanoseconds since the epoch as digits, because JSON numbers stop at 2^53. */
export const nanos = z.string().regex(/^-?\d{1,20}$/).meta({ id: 'Nanos', description: 'Nanoseconds since the epoch, UTC, as digits.' });
/** The same, taken from a request. */
export const nanosIn = z.string().regex(/^-?\d{1,20}$/).transform((digits) => BigInt(digits));
const texts = z.record(z.string(), z.string());
const numbers = z.record(z.string(), z.number());
const nanosOrNull = nanos.nullable();
const list = z.array;

export const permission = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]).meta({ id: 'Permission' });
export const role = z.enum(Object.keys(ROLES) as [Role, ...Role[]]).meta({ id: 'Role' });
export const severity = z.enum(['critical', 'error', 'warning', 'info']).meta({ id: 'Severity' });
export const incidentPhase = z.enum(['triage', 'contain', 'eradicate', 'recover', 'closed']).meta({ id: 'IncidentPhase' });

// Requests

export const idParams = z.object({ id: z.string().min(1).max(200) });
export const done = z.object({ ok: z.literal(true) }).meta({ id: 'Done' });
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2000).nullable().default(null),
});
export const searchQuery = pageQuery.extend({
  filter: z.string().max(10_000).default(''),
  from: nanosIn.nullable().default(null),
  to: nanosIn.nullable().default(null),
});

export function page<T extends z.ZodType>(id: string, row: T) {
  return z.object({ rows: list(row), cursor: z.string().nullable() }).meta({ id });
}

// Overview

const failureClass = z.enum(['name', 'unreachable', 'refused', 'timeout', 'tls', 'protocol', 'content', 'local']);
export const checkState = z.enum(['UP', 'DEGRADED', 'DOWN', 'UNREACHABLE', 'INCONCLUSIVE', 'MAINTENANCE', 'UNKNOWN']).meta({ id: 'CheckState' });

export const roundSummary = z.object({
  time: nanos, ok: z.boolean(), medianNs: z.number().nullable(), minNs: z.number().nullable(), maxNs: z.number().nullable(), loss: z.number(),
}).meta({ id: 'RoundSummary' });

export const checkOverview = z.object({
  checkId: z.string(), targetId: z.string(), title: z.string(), target: z.string(), probe: z.string(), state: checkState,
  since: nanosOrNull, reason: z.string(), lastTime: nanosOrNull, lastRttNs: z.number().nullable(), lastLoss: z.number().nullable(),
  rounds: list(roundSummary),
}).meta({ id: 'CheckOverview' });

export const captureStatus = z.object({
  linkId: z.string(), kind: z.enum(['live', 'file']), state: z.enum(['running', 'stopped', 'failed', 'unprivileged']), detail: z.string().nullable(),
  packets: z.number(), bytes: z.number(), dropped: z.number(), loss: z.number().nullable(),
}).meta({ id: 'CaptureStatus' });

export const trafficSample = z.object({
  time: nanos, bitsPerSecond: z.number(), packetsPerSecond: z.number(), flowsPerSecond: z.number(), droppedPerSecond: z.number(),
}).meta({ id: 'TrafficSample' });

export const uplinkVerdict = z.object({
  time: nanos, verdict: z.enum(['connected', 'lost', 'unsure']), anchorsAsked: z.number(), anchorsAnswered: z.number(), independent: z.boolean(),
  gateway: z.enum(['answers', 'silent', 'none', 'unknown']), link: z.enum(['up', 'down', 'unknown']), reason: z.string(),
}).meta({ id: 'UplinkVerdict' });

export const overview = z.object({
  now: nanos, checks: list(checkOverview), captures: list(captureStatus), traffic: list(trafficSample), uplink: uplinkVerdict.nullable(),
  openIncidents: z.number(), firingAlerts: z.number(), demo: z.boolean(),
}).meta({ id: 'Overview' });

const recordHead = {
  schema: z.number(), id: z.string(), dataset: z.string(), sensorId: z.string(), siteId: z.string(), linkId: z.string(),
  sampling: z.number(), loss: z.number().nullable(), time: nanos,
};

export const probeResult = z.object({
  ...recordHead, kind: z.literal('probe'), checkId: z.string(), targetId: z.string(), probe: z.string(), ok: z.boolean(),
  failure: z.object({ class: failureClass, message: z.string() }).nullable(), sent: z.number(), received: z.number(),
  rttNs: list(z.number().nullable()), measurements: numbers, notes: texts, duration: nanos, loopDelayNs: z.number(),
}).meta({ id: 'ProbeResult' });

export const stateChange = z.object({
  checkId: z.string(), targetId: z.string(), time: nanos, from: checkState, to: checkState, hard: z.boolean(), reason: z.string(),
  steps: list(z.object({ time: nanos, step: z.string(), outcome: z.string() })),
}).meta({ id: 'StateChange' });

export const pathTrace = z.object({
  targetId: z.string(), address: z.string(), method: z.enum(['udp', 'icmp', 'tcp']), time: nanos, reached: z.boolean(), identity: z.string(),
  hops: list(z.object({ ttl: z.number(), addresses: list(z.string()), sent: z.number(), received: z.number(), rttNs: list(z.number().nullable()) })),
}).meta({ id: 'PathTrace' });

// Flows and records

export const flow = z.object({
  ...recordHead, srcIp: z.string(), dstIp: z.string(), srcPort: z.number(), dstPort: z.number(), proto: z.number(), service: list(z.string()),
  firstFrame: z.number(), lastFrame: z.number(), end: nanos, duration: nanosOrNull, connState: z.string(), history: z.string(),
  srcBytes: z.number().nullable(), dstBytes: z.number().nullable(), srcPackets: z.number(), dstPackets: z.number(),
  srcIpBytes: z.number(), dstIpBytes: z.number(), missedBytes: z.number(), communityId: z.string(), vlans: list(z.number()),
  srcMac: z.string().nullable(), dstMac: z.string().nullable(), direction: z.enum(['internal', 'outbound', 'inbound', 'external']),
  endReason: z.string(),
}).meta({ id: 'Flow' });

export const packetsLocation = z.object({ capture: z.string(), title: z.string(), filter: z.string() }).meta({ id: 'PacketsLocation' });

export const protocolKind = z.enum(['dns', 'http', 'tls', 'dhcp', 'arp', 'anomaly', 'file', 'transaction']).meta({ id: 'ProtocolKind' });
/** The fields of each kind are those of the model; the head is common. */
export const protocolRecord = z.looseObject({
  ...recordHead, kind: protocolKind, flowId: z.string(), srcIp: z.string(), dstIp: z.string(), srcPort: z.number(), dstPort: z.number(),
  proto: z.number(), firstFrame: z.number(), lastFrame: z.number(),
}).meta({ id: 'ProtocolRecord' });

export const filterScope = z.enum(['flows', 'packets', 'dns', 'http', 'tls', 'dhcp', 'arp', 'anomaly', 'file', 'transaction']).meta({ id: 'FilterScope' });
export const filterField = z.object({ name: z.string(), title: z.string(), type: z.string() }).meta({ id: 'FilterField' });
export const filterVerdict = z.object({
  ok: z.boolean(),
  error: z.object({ code: z.string(), message: z.string(), where: z.string().nullable(), remedy: z.string().nullable() }).nullable(),
}).meta({ id: 'FilterVerdict' });

// Packets

export const captureFile = z.object({
  id: z.string(), title: z.string(), kind: z.enum(['evidence', 'file']), incidentId: z.string().nullable(), sha256: z.string(), bytes: z.number(),
  frames: z.number().nullable(), from: nanosOrNull, to: nanosOrNull,
}).meta({ id: 'CaptureFile' });

export const frameRow = z.object({
  number: z.number(), time: nanos, source: z.string(), destination: z.string(), protocol: z.string(), wireLen: z.number(), caplen: z.number(),
  info: z.string(),
}).meta({ id: 'FrameRow' });

export const framePage = z.object({
  rows: list(frameRow), nextAfter: z.number().nullable(), scanned: z.number(), problem: z.string().nullable(),
}).meta({ id: 'FramePage' });

export const treeNode = z.object({
  name: z.string(), text: z.string(), source: z.number(), at: z.number(), length: z.number(), filter: z.string().nullable(),
  expert: z.enum(['chat', 'note', 'warn', 'error']).nullable(),
  get children() {
    return list(treeNode);
  },
}).meta({ id: 'TreeNode' });

export const frameDetail = z.object({
  row: frameRow, tree: list(treeNode), sources: list(z.object({ title: z.string(), length: z.number() })),
}).meta({ id: 'FrameDetail' });

// Alerts, incidents, evidence

const evidenceRef = z.object({
  kind: z.enum(['flow', 'record', 'probe', 'frames', 'path']), dataset: z.string(), ids: list(z.string()), frames: list(z.number()),
  filter: z.string().nullable(), from: nanos, to: nanos,
}).meta({ id: 'EvidenceRef' });

export const alert = z.object({
  schema: z.number(), fingerprint: z.string(), name: z.string(), kind: z.enum(['threshold', 'anomaly', 'detection']),
  state: z.enum(['pending', 'firing', 'resolved']), labels: texts, annotations: texts, severity, confidence: z.number(), techniques: list(z.string()),
  activeAt: nanos, firedAt: nanosOrNull, resolvedAt: nanosOrNull, updatedAt: nanos, signals: z.number(), evidence: list(evidenceRef),
  loss: z.number().nullable(), score: numbers, drill: z.boolean(),
}).meta({ id: 'Alert' });

export const incident = z.object({
  schema: z.number(), id: z.string(), title: z.string(), phase: incidentPhase, severity, openedAt: nanos, acknowledgedAt: nanosOrNull,
  acknowledgedBy: z.string().nullable(), mitigatedAt: nanosOrNull, closedAt: nanosOrNull, assignee: z.string().nullable(), alerts: list(z.string()),
  joinKey: z.string(), evidence: list(z.string()), drill: z.boolean(),
}).meta({ id: 'Incident' });

export const timelineEntry = z.object({
  seq: z.number(), time: nanos, recordedAt: nanos, kind: z.string(), actor: z.string(), text: z.string(), refs: texts,
}).meta({ id: 'TimelineEntry' });

export const evidenceSummary = z.object({
  manifest: z.object({
    schema: z.number(), id: z.string(), incidentId: z.string(), createdAt: nanos, from: nanos, to: nanos, sensorId: z.string(), missing: list(z.string()),
    files: list(z.object({ path: z.string(), bytes: z.number(), sha256: z.string(), kind: z.string(), description: z.string() })),
  }),
  verdict: z.enum(['unverified', 'intact', 'damaged']), verifiedAt: nanosOrNull, manifestSha256: z.string(), captures: texts,
}).meta({ id: 'Evidence' });

export const evidenceVerification = z.object({
  id: z.string(), ok: z.boolean(), verifiedAt: nanos, files: list(z.object({ path: z.string(), ok: z.boolean(), problem: z.string().nullable() })),
}).meta({ id: 'EvidenceVerification' });

// Notifications, actions, silences

export const delivery = z.object({
  schema: z.number(), id: z.string(), notificationId: z.string(), receiver: z.string(), position: z.number(), channel: z.string(),
  state: z.enum(['queued', 'sending', 'delivered', 'retrying', 'failed', 'fell_back', 'collapsed']),
  attempts: list(z.object({ time: nanos, outcome: z.string() })), nextAttemptAt: nanosOrNull, deadlineAt: nanos, deliveredAt: nanosOrNull,
}).meta({ id: 'Delivery' });

export const notificationDetail = z.object({
  notification: z.object({
    schema: z.number(), id: z.string(), groupKey: z.string(), groupLabels: texts, receiver: z.string(), reason: z.string(), status: z.enum(['firing', 'resolved']), severity,
    subject: z.string(), body: z.string(), incidentId: z.string().nullable(), link: z.string().nullable(),
    alerts: list(z.object({
      fingerprint: z.string(), status: z.enum(['firing', 'resolved']), labels: texts, annotations: texts, startsAt: nanos, endsAt: nanosOrNull,
    })),
    createdAt: nanos, drill: z.boolean(),
  }),
  deliveries: list(delivery),
}).meta({ id: 'NotificationDetail' });

export const notifyDecision = z.object({
  schema: z.number(), id: z.string(), time: nanos, groupKey: z.string(), receiver: z.string(), sent: z.boolean(), reason: z.string(),
  notificationId: z.string().nullable(), fingerprints: list(z.string()),
  muted: list(z.object({ fingerprint: z.string(), reason: z.string(), by: z.string() })),
}).meta({ id: 'NotifyDecision' });

export const actionRun = z.object({
  schema: z.number(), id: z.string(),
  plan: z.object({
    schema: z.number(), id: z.string(), action: z.string(), incidentId: z.string(), subject: z.string(), steps: list(z.string()),
    impact: z.enum(['none', 'low', 'high']), options: z.record(z.string(), z.unknown()), facts: texts, revertable: z.boolean(),
    verifyCheckId: z.string().nullable(), createdAt: nanos, drill: z.boolean(),
  }),
  state: z.enum(['planned', 'refused', 'waiting_approval', 'approved', 'rejected', 'executing', 'verifying', 'succeeded', 'failed',
    'reverting', 'reverted', 'revert_failed', 'interrupted']),
  reason: z.string(), log: list(z.object({ time: nanos, text: z.string() })), approvedBy: z.string().nullable(),
  startedAt: nanosOrNull, endedAt: nanosOrNull,
}).meta({ id: 'ActionRun' });

export const incidentDetail = z.object({
  incident, timeline: list(timelineEntry), alerts: list(alert), evidence: list(evidenceSummary), notifications: list(notificationDetail),
  actions: list(actionRun), paths: z.object({ before: pathTrace.nullable(), after: pathTrace.nullable() }),
}).meta({ id: 'IncidentDetail' });

export const silence = z.object({
  id: z.string(), matchers: list(z.string()), startsAt: nanos, endsAt: nanos, createdBy: z.string(), comment: z.string(),
  state: z.enum(['pending', 'active', 'expired']),
}).meta({ id: 'Silence' });

// Configuration, audit, accounts, doctor, drill, mail

export const configProblem = z.object({
  code: z.string(), message: z.string(), where: z.string().nullable(), remedy: z.string().nullable(), severity: z.enum(['error', 'warning']),
}).meta({ id: 'ConfigProblem' });

export const configView = z.object({
  path: z.string().nullable(), loadedAt: nanos, sha256: z.string(), text: z.string(), problems: list(configProblem),
}).meta({ id: 'ConfigView' });

export const auditEvent = z.object({
  seq: z.number(), time: nanos, actor: z.string(), action: z.string(), object: z.string(), details: texts, previous: z.string(), hash: z.string(),
}).meta({ id: 'AuditEvent' });

export const accountName = z.string().regex(/^[a-z][a-z0-9._-]{0,31}$/, 'lower-case letters, digits, dot, dash, underscore; a letter first');
export const account = z.object({ name: z.string(), roles: list(role), createdAt: nanos, disabled: z.boolean() }).meta({ id: 'Account' });
export const identity = z.object({
  actor: z.string(), name: z.string().nullable(), via: z.enum(['session', 'token', 'socket']), roles: list(role), permissions: list(permission),
}).meta({ id: 'Identity' });

export const apiToken = z.object({
  id: z.string(), title: z.string(), name: z.string(), permissions: list(z.string()), createdAt: nanos, expiresAt: nanosOrNull,
}).meta({ id: 'ApiToken' });

export const doctorFinding = z.object({
  check: z.string(), title: z.string(), verdict: z.enum(['ok', 'warning', 'problem']), detail: z.string(), remedy: z.string().nullable(),
}).meta({ id: 'DoctorFinding' });

export const drillReport = z.object({
  id: z.string(), scenario: z.string(), state: z.enum(['running', 'passed', 'failed']), startedAt: nanos, endedAt: nanosOrNull, startedBy: z.string(),
  stages: list(z.object({ name: z.string(), state: z.enum(['waiting', 'passed', 'failed']), afterMs: z.number().nullable(), detail: z.string() })),
}).meta({ id: 'DrillReport' });

export const caughtMail = z.object({
  id: z.string(), receivedAt: nanos, from: z.string(), to: list(z.string()), subject: z.string(), text: z.string(), tls: z.string().nullable(),
}).meta({ id: 'CaughtMail' });

export const health = z.object({
  status: z.enum(['ok', 'degraded']), version: z.string(), uptimeSeconds: z.number(),
  parts: z.record(z.string(), z.object({ state: z.string(), detail: z.string().optional() })),
}).meta({ id: 'Health' });
