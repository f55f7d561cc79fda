/* Rows of /bench with no operating system: runs once, says each row's checksum on the first serial port, then BARE-DONE. */
#include "bench.h"
#include <string.h>

int scale = 1;
int (*client)(void *);

static char arena[8 << 20];
static size_t used;

#define UART ((volatile u8 *)0xfe0002f8)

static void put(char c)
{
    while (!(UART[5] & 0x20))
        ;
    UART[0] = c;
}

static void puts_(const char *s)
{
    for (; *s; s++)
        put(*s);
}

double now(void) { return 0; }

void report(const char *name, double value, const char *unit, u32 sum, u32 exp)
{
    int i;
    (void)value, (void)unit;
    puts_("BARE ");
    puts_(name);
    put(' ');
    for (i = 28; i >= 0; i -= 4)
        put("0123456789abcdef"[(sum >> i) & 15]);
    puts_(sum == exp ? " ok\n" : " BAD\n");
}

u32 selfbad(void) { return 0xbad; }

/* What the rows use of a C library. The rows that measure the library itself are not run here. */
void *malloc(size_t n)
{
    void *p = arena + used;
    used += (n + 31) & ~(size_t)31;
    return used <= sizeof arena ? p : 0;
}
void free(void *p) { (void)p; }
void *memcpy(void *d, const void *s, size_t n)
{
    char *a = d;
    const char *b = s;
    while (n--)
        *a++ = *b++;
    return d;
}
void *memset(void *d, int c, size_t n)
{
    char *a = d;
    while (n--)
        *a++ = c;
    return d;
}
int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (u8)*a - (u8)*b;
}
int memcmp(const void *a, const void *b, size_t n)
{
    const u8 *p = a, *q = b;
    for (; n--; p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
char *strcpy(char *d, const char *s)
{
    char *p = d;
    while ((*p++ = *s++))
        ;
    return d;
}

double fabs(double x) { return __builtin_fabs(x); }

/* ROW is one of the rows; ROUNDS how often it runs. The client interface's entry comes in r5. */
void ROW(void);
void run(u32 r3, u32 r4, int (*entry)(void *))
{
    int k;
    (void)r3, (void)r4;
    client = entry;
    for (k = 0; k < ROUNDS; k++) {
        used = 0;
        ROW();
    }
    puts_("BARE-DONE\n");
    for (;;)
        ;
}

__asm__(".section .text.start,\"ax\"\n.globl _start\n_start:\n"
        "lis 1,stack_top@ha\naddi 1,1,stack_top@l\nmfmsr 6\nori 6,6,0x2000\nmtmsr 6\nisync\nli 0,0\nstwu 0,-32(1)\nbl run\n");
