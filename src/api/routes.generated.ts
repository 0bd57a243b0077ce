// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import actionApprove from './routes/action-approve.ts';
import actionReject from './routes/action-reject.ts';
import actionRevert from './routes/action-revert.ts';
import action from './routes/action.ts';
import actions from './routes/actions.ts';
import alert from './routes/alert.ts';
import alertmanagerAlerts from './routes/alertmanager-alerts.ts';
import alerts from './routes/alerts.ts';
import auditVerify from './routes/audit-verify.ts';
import audit from './routes/audit.ts';
import captures from './routes/captures.ts';
import checkDetail from './routes/check-detail.ts';
import configCheck from './routes/config-check.ts';
import configReload from './routes/config-reload.ts';
import config from './routes/config.ts';
import doctor from './routes/doctor.ts';
import drillScenarios from './routes/drill-scenarios.ts';
import drillStart from './routes/drill-start.ts';
import drill from './routes/drill.ts';
import drills from './routes/drills.ts';
import evidenceArchive from './routes/evidence-archive.ts';
import evidenceFile from './routes/evidence-file.ts';
import evidenceList from './routes/evidence-list.ts';
import evidenceVerify from './routes/evidence-verify.ts';
import evidence from './routes/evidence.ts';
import filterCheck from './routes/filter-check.ts';
import filterFields from './routes/filter-fields.ts';
import flowPackets from './routes/flow-packets.ts';
import flow from './routes/flow.ts';
import flows from './routes/flows.ts';
import frameBytes from './routes/frame-bytes.ts';
import frame from './routes/frame.ts';
import frames from './routes/frames.ts';
import health from './routes/health.ts';
import incidentAcknowledge from './routes/incident-acknowledge.ts';
import incidentAssign from './routes/incident-assign.ts';
import incidentClose from './routes/incident-close.ts';
import incidentNote from './routes/incident-note.ts';
import incidentPhase from './routes/incident-phase.ts';
import incident from './routes/incident.ts';
import incidents from './routes/incidents.ts';
import mail from './routes/mail.ts';
import me from './routes/me.ts';
import notifications from './routes/notifications.ts';
import notifyDecisions from './routes/notify-decisions.ts';
import overview from './routes/overview.ts';
import ownPassword from './routes/own-password.ts';
import receiverTest from './routes/receiver-test.ts';
import records from './routes/records.ts';
import setupState from './routes/setup-state.ts';
import setup from './routes/setup.ts';
import signIn from './routes/sign-in.ts';
import signOut from './routes/sign-out.ts';
import silenceCreate from './routes/silence-create.ts';
import silenceExpire from './routes/silence-expire.ts';
import silences from './routes/silences.ts';
import tokenCreate from './routes/token-create.ts';
import tokenRevoke from './routes/token-revoke.ts';
import tokens from './routes/tokens.ts';
import userCreate from './routes/user-create.ts';
import userUpdate from './routes/user-update.ts';
import users from './routes/users.ts';

export const routes = [
  actionApprove,
  actionReject,
  actionRevert,
  action,
  actions,
  alert,
  alertmanagerAlerts,
  alerts,
  auditVerify,
  audit,
  captures,
  checkDetail,
  configCheck,
  configReload,
  config,
  doctor,
  drillScenarios,
  drillStart,
  drill,
  drills,
  evidenceArchive,
  evidenceFile,
  evidenceList,
  evidenceVerify,
  evidence,
  filterCheck,
  filterFields,
  flowPackets,
  flow,
  flows,
  frameBytes,
  frame,
  frames,
  health,
  incidentAcknowledge,
  incidentAssign,
  incidentClose,
  incidentNote,
  incidentPhase,
  incident,
  incidents,
  mail,
  me,
  notifications,
  notifyDecisions,
  overview,
  ownPassword,
  receiverTest,
  records,
  setupState,
  setup,
  signIn,
  signOut,
  silenceCreate,
  silenceExpire,
  silences,
  tokenCreate,
  tokenRevoke,
  tokens,
  userCreate,
  userUpdate,
  users,
];
