/** Over which pipe of a connection a DCE/RPC PDU comes: several may be open at once. '' = the connection itself. */
export interface PipeTransport {
  pipe: string;
}
export const createPipe = (): PipeTransport => ({ pipe: '' });
