# A GSM modem on a pseudo terminal: speaks the commands of 3GPP TS 27.005 and 27.007 that sending a message in text mode needs.
# Prints the terminal's path, then one line for each message sent. Argument: works, wrong-pin, congested, out-of-order, barred, mute.
import os, re, sys, termios, tty

mode = sys.argv[1]
master, slave = os.openpty()
tty.setraw(master)
print(os.ttyname(slave), flush=True)
# A real modem echoes until it is told not to.
echo, waiting, text, buffer, reference, unlocked = True, False, '', '', 0, mode != 'wrong-pin'

def say(line):
    os.write(master, ('\r\n%s\r\n' % line).encode('latin1'))

while True:
    try:
        data = os.read(master, 1024).decode('latin1')
    except OSError:
        continue
    if mode == 'mute':
        continue
    for c in data:
        if waiting:
            if c == '\x1b':
                waiting, text = False, ''
                say('OK')
            elif c == '\x1a':
                waiting = False
                fault = {'congested': 42, 'out-of-order': 38, 'barred': 28}.get(mode)
                if fault is not None:
                    say('+CMS ERROR: %d' % fault)
                elif len(text) > 160 or re.search(r'[^ -~\n]', text):
                    say('+CMS ERROR: 305')
                else:
                    reference += 1
                    print('%s %s' % (number, text), flush=True)
                    say('+CMGS: %d' % reference)
                    say('OK')
                text = ''
            else:
                text += c
            continue
        if c != '\r':
            buffer += '' if c == '\x1b' else c
            continue
        line, buffer = buffer.strip(), ''
        if line == '':
            continue
        if echo:
            os.write(master, (line + '\r').encode('latin1'))
        if line == 'ATE0':
            echo = False
            say('OK')
        elif line in ('AT', 'AT+CMEE=1', 'AT+CMGF=1', 'AT+CSCS="IRA"'):
            say('OK')
        elif line == 'AT+CPIN?':
            say('+CPIN: READY' if unlocked else '+CPIN: SIM PIN')
            say('OK')
        elif line.startswith('AT+CPIN='):
            say('+CME ERROR: 16')
        elif re.match(r'AT\+CMGS="\+\d+"$', line):
            number, waiting = line[9:-1], True
            os.write(master, b'\r\n> ')
        else:
            say('ERROR')
