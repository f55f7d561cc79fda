/* Runs blocks of PowerPC code under qemu-ppc: reads 8 instruction words and 8 machine states, writes the 8 states afterwards.
   The state's layout is MachineImage.cs's. r1, r2 and r13 belong to the C program; CTR carries the way back. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Code = 0x10000, Scratch = 0x20000, ScratchBytes = 512, States = 8, Words = 8 };

struct state
{
    uint32_t gpr[32];
    uint32_t cr, xer, lr, fpscr;
    uint64_t fpr[32];
    uint32_t vscr[4];
    uint32_t vr[32][4];
    uint8_t scratch[ScratchBytes];
    uint32_t status[4];
} __attribute__((aligned(16)));

static struct state states[States];
static uint32_t code[Words];
static sigjmp_buf escape;

void run(struct state *s);

__asm__(
    ".text\n.globl run\nrun:\n"
    " stwu 1,-256(1)\n mflr 0\n stw 0,260(1)\n mfcr 0\n stw 0,16(1)\n stmw 14,24(1)\n stw 3,8(1)\n mr 31,3\n"
    " lfd 0,136(31)\n mtfsf 255,0\n"
    " li 4,400\n lvx 0,31,4\n mtvscr 0\n"
    " addi 5,31,416\n"
    " .set n,0\n .rept 32\n lvx n,0,5\n addi 5,5,16\n .set n,n+1\n .endr\n"
    " .set n,0\n .rept 32\n lfd n,144+8*n(31)\n .set n,n+1\n .endr\n"
    " lis 4,1f@ha\n addi 4,4,1f@l\n mtctr 4\n"
    " lwz 4,128(31)\n mtcr 4\n lwz 4,132(31)\n mtxer 4\n lwz 4,136(31)\n mtlr 4\n"
    " lwz 0,0(31)\n .set n,3\n .rept 10\n lwz n,4*n(31)\n .set n,n+1\n .endr\n"
    " .set n,14\n .rept 18\n lwz n,4*n(31)\n .set n,n+1\n .endr\n"
    " ba 0x10000\n"
    "1: stw 31,12(1)\n lwz 31,8(1)\n stw 0,0(31)\n"
    " .set n,3\n .rept 10\n stw n,4*n(31)\n .set n,n+1\n .endr\n"
    " .set n,14\n .rept 17\n stw n,4*n(31)\n .set n,n+1\n .endr\n"
    " lwz 0,12(1)\n stw 0,124(31)\n"
    " mfcr 4\n stw 4,128(31)\n mfxer 4\n stw 4,132(31)\n mflr 4\n stw 4,136(31)\n"
    " .set n,0\n .rept 32\n stfd n,144+8*n(31)\n .set n,n+1\n .endr\n"
    " mffs 0\n stfd 0,200(1)\n lwz 4,204(1)\n stw 4,140(31)\n"
    " addi 5,31,416\n .set n,0\n .rept 32\n stvx n,0,5\n addi 5,5,16\n .set n,n+1\n .endr\n"
    " li 4,400\n mfvscr 0\n stvx 0,31,4\n"
    " lmw 14,24(1)\n lwz 0,16(1)\n mtcr 0\n lwz 0,260(1)\n mtlr 0\n addi 1,1,256\n blr\n");

static void trapped(int signal)
{
    siglongjmp(escape, signal);
}

static int transfer(int output, void *data, size_t size)
{
    for (size_t done = 0; done < size;)
    {
        ssize_t n = output ? write(1, (char *)data + done, size - done) : read(0, (char *)data + done, size - done);
        if (n <= 0)
            return 0;
        done += (size_t)n;
    }
    return 1;
}

int main(void)
{
    void *at = mmap((void *)Code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    void *data = mmap((void *)Scratch, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (at != (void *)Code || data != (void *)Scratch)
        return 2;
    int signals[] = { SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP };
    for (int n = 0; n < 5; n++)
    {
        struct sigaction action = { .sa_handler = trapped };
        sigaction(signals[n], &action, 0);
    }
    while (transfer(0, code, sizeof code) && transfer(0, states, sizeof states))
    {
        memcpy((void *)Code, code, sizeof code);
        ((volatile uint32_t *)Code)[Words] = 0x4e800420; /* bctr */
        __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync" : : "r"(Code) : "memory");
        for (int n = 0; n < States; n++)
        {
            memcpy((void *)Scratch, states[n].scratch, ScratchBytes);
            int signal = sigsetjmp(escape, 1);
            if (signal == 0)
                run(&states[n]);
            states[n].status[0] = (uint32_t)signal;
            memcpy(states[n].scratch, (void *)Scratch, ScratchBytes);
        }
        if (!transfer(1, states, sizeof states))
            return 3;
    }
    return 0;
}
