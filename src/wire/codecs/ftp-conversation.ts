/** A data connection that the control connection announced, shared between the two. */
export interface FtpTransfer {
  readonly setupFrame: number;
  /** `PASV`, `EPASV`, `PORT`, `EPRT`. */
  readonly setupMethod: string;
  /** The first command after the announcement, its frame, and the directory at that time; frame 0 = none yet. */
  command: string;
  commandFrame: number;
  cwd: string;
}

/** Longest directory that is remembered. */
const MAX_PATH = 4096;

/** What is remembered of one FTP control connection. */
export class FtpConversation {
  lastCommand = '';
  cwd = '';
  transfer: FtpTransfer | undefined = undefined;

  /** A command line was seen: a transfer that waits for one is about it. */
  commanded(line: string, frame: number): void {
    this.lastCommand = line;
    const { transfer } = this;
    if (transfer === undefined || transfer.commandFrame !== 0) return;
    transfer.command = line;
    transfer.commandFrame = frame;
    transfer.cwd = this.cwd;
  }

  announced(method: string, frame: number): FtpTransfer {
    this.transfer = { setupFrame: frame, setupMethod: method, command: '', commandFrame: 0, cwd: '' };
    return this.transfer;
  }

  /** The last command was CWD or CDUP, and the server did it (RFC 959 §5.4). */
  changed(): void {
    const [verb, ...rest] = this.lastCommand.split(' ');
    const path = verb.toUpperCase() === 'CDUP' ? '..' : rest.join(' ');
    if (path.startsWith('/')) this.cwd = path;
    else if (path === '..') this.cwd = this.cwd.slice(0, Math.max(this.cwd.lastIndexOf('/'), this.cwd.startsWith('/') ? 1 : 0));
    else this.cwd = this.cwd === '' || this.cwd.endsWith('/') ? this.cwd + path : `${this.cwd}/${path}`;
    if (this.cwd.length > MAX_PATH) this.cwd = '';
  }
}

export function createFtpConversation(): FtpConversation {
  return new FtpConversation();
}
