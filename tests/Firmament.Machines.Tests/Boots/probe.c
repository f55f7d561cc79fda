/* Uses the performance monitor and a watchpoint by Linux's perf_event_open, and prints what it got. No C library: raw system calls.
   Numbers: arch/powerpc/include/uapi/asm/unistd.h, include/uapi/linux/perf_event.h of Linux 6.1. */
typedef unsigned long u64;

enum { EXIT = 1, READ = 3, WRITE = 4, IOCTL = 54, MMAP = 90, PERF_EVENT_OPEN = 319 };
enum { ENABLE = 0x20002400, DISABLE = 0x20002401 };
enum { HARDWARE = 0, BREAKPOINT = 5, CYCLES = 0, INSTRUCTIONS = 1, SAMPLE_IP = 1, RECORD_SAMPLE = 9, FROM_USER = 2, ON_WRITE = 2 };
enum { DISABLED = 1, NO_USER = 16, NO_KERNEL = 32, NO_HYPERVISOR = 64 };
enum { DATA_HEAD = 1024, PAGE = 65536, DATA_PAGES = 8 };

/* struct perf_event_attr as doublewords: type and size, config, period, sample type, read format, flags, wakeup and breakpoint type, address, length */
static u64 attributes[16];
static volatile u64 watched[4];

static long call(long number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    register long r0 asm("r0") = number;
    register long r3 asm("r3") = a;
    register long r4 asm("r4") = b;
    register long r5 asm("r5") = c;
    register long r6 asm("r6") = d;
    register long r7 asm("r7") = e;
    register long r8 asm("r8") = f;
    asm volatile("sc\n\tbns+ 1f\n\tneg 3,3\n1:" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8) : : "r9", "r10", "r11", "r12", "cr0", "ctr", "memory");
    return r3;
}

static void say(const char *text, long value)
{
    char digits[24], *at = digits + 23;
    u64 length = 0, rest = value < 0 ? -value : value;
    while (text[length])
        length++;
    call(WRITE, 1, (u64)text, length, 0, 0, 0);
    *at = '\n';
    do
        *--at = '0' + rest % 10;
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    call(WRITE, 1, (u64)at, digits + 24 - at, 0, 0, 0);
}

static int event(u64 type, u64 config, u64 period, u64 flags)
{
    attributes[0] = type | (sizeof attributes << 32);
    attributes[1] = config;
    attributes[2] = period;
    attributes[3] = period ? SAMPLE_IP : 0;
    attributes[5] = flags | NO_HYPERVISOR;
    return call(PERF_EVENT_OPEN, (u64)attributes, 0, -1, -1, 0, 0);
}

static long count(int file)
{
    long value = 0;
    call(READ, file, (u64)&value, 8, 0, 0, 0);
    return value;
}

__attribute__((noinline, aligned(64))) static void spin(u64 times)
{
    asm volatile("mtctr %0\n1:\tbdnz 1b" : : "r"(times) : "ctr");
}

static void sample(void)
{
    int file = event(HARDWARE, INSTRUCTIONS, 100000, DISABLED | NO_KERNEL);
    char *area = (char *)call(MMAP, 0, PAGE * (DATA_PAGES + 1), 3, 1, file, 0);
    call(IOCTL, file, ENABLE, 0, 0, 0, 0);
    spin(3000000);
    call(IOCTL, file, DISABLE, 0, 0, 0, 0);
    u64 head = *(volatile u64 *)(area + DATA_HEAD);
    int samples = 0, inside = 0;
    for (u64 at = 0; at < head;) {
        unsigned *record = (unsigned *)(area + PAGE + at);
        u64 place = *(u64 *)(record + 2);
        samples += record[0] == RECORD_SAMPLE;
        inside += (record[1] & 7) == FROM_USER && place - (u64)spin < 64;
        at += record[1] >> 16;
    }
    say("PROBE samples ", samples);
    say("PROBE inside ", inside);
}

__attribute__((used)) static void probe(void)
{
    int instructions = event(HARDWARE, INSTRUCTIONS, 0, DISABLED | NO_KERNEL);
    int cycles = event(HARDWARE, CYCLES, 0, DISABLED | NO_KERNEL);
    int kernel = event(HARDWARE, INSTRUCTIONS, 0, DISABLED | NO_USER);
    call(IOCTL, instructions, ENABLE, 0, 0, 0, 0);
    call(IOCTL, cycles, ENABLE, 0, 0, 0, 0);
    call(IOCTL, kernel, ENABLE, 0, 0, 0, 0);
    long before = count(instructions);
    spin(1000000);
    long after = count(instructions);
    say("PROBE between ", (after - before) / 1000);
    say("PROBE cycles ", count(cycles) / 1000);
    say("PROBE kernel ", count(kernel) > 0);
    sample();
    attributes[6] = (u64)ON_WRITE << 32;
    attributes[7] = (u64)&watched[1];
    attributes[8] = 8;
    int breakpoint = event(BREAKPOINT, 0, 0, NO_KERNEL);
    if (breakpoint >= 0) {
        watched[0] = 1;
        for (int n = 0; n < 7; n++)
            watched[1]++;
        watched[2] = 3;
        say("PROBE watched ", count(breakpoint));
        say("PROBE value ", watched[1]);
    }
    call(EXIT, 0, 0, 0, 0, 0, 0);
}

/* ELFv2: r12 is the entry's address, r2 the table of contents. */
asm(".globl _start\n_start:\n\taddis 2,12,.TOC.-_start@ha\n\taddi 2,2,.TOC.-_start@l\n\tstdu 1,-64(1)\n\tbl probe\n");
