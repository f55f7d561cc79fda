/* Runs blocks of 64-bit Power code under qemu-ppc64 or qemu-ppc64le: reads 16 instruction words and 8 machine states, writes the 8
   states afterwards. The state's layout is StateBlock64.cs's, in the program's own byte order. r1 belongs to this program, the rest
   to the code. No C library: few cross compilers have one for this ABI. */
enum { Code = 0x10000, Scratch = 0x20000, Control = 0x30000, ScratchBytes = 512, States = 8, Words = 16 };

typedef unsigned long u64;
typedef unsigned int u32;

struct state
{
    u64 gpr[32];
    u64 cr, xer, lr, ctr, fpscr, vscr, pad[2];
    u64 vsr[64][2];
    u64 scratch[ScratchBytes / 8];
    u64 status[2];
} __attribute__((aligned(16)));

static struct
{
    u32 code[Words];
    struct state states[States];
} block __attribute__((aligned(16)));

void run(struct state *s);
void leave_code(void);
void trapped(int signal);

__asm__(
    ".machine power9\n.text\n"
    ".globl _start\n_start:\n lis 2,.TOC.@ha\n addi 2,2,.TOC.@l\n bl body\n nop\n"
    ".globl run\nrun:\n"
    " stdu 1,-512(1)\n mflr 0\n std 0,528(1)\n mfcr 0\n std 0,16(1)\n std 2,24(1)\n std 13,32(1)\n std 3,40(1)\n"
    " .set n,14\n .rept 18\n std n,64+8*(n-14)(1)\n .set n,n+1\n .endr\n"
    " mr 31,3\n lis 4,3\n std 1,0(4)\n addi 5,4,8\n ldarx 0,0,5\n stdcx. 0,0,5\n"
    " li 0,0\n mtspr 256,0\n mtspr 815,0\n"
    " lfd 0,288(31)\n mtfsf 255,0,1,0\n"
    " addi 5,31,288\n lxvd2x 32,0,5\n mtvscr 0\n"
    " addi 5,31,320\n .set n,0\n .rept 64\n lxvd2x n,0,5\n addi 5,5,16\n .set n,n+1\n .endr\n"
    " ld 4,256(31)\n mtcr 4\n ld 4,264(31)\n mtxer 4\n ld 4,272(31)\n mtlr 4\n ld 4,280(31)\n mtctr 4\n"
    " ld 0,0(31)\n .set n,2\n .rept 30\n ld n,8*n(31)\n .set n,n+1\n .endr\n"
    " ba 0x10000\n"
    ".globl leave_code\nleave_code:\n"
    " std 31,48(1)\n ld 31,40(1)\n std 0,0(31)\n .set n,2\n .rept 29\n std n,8*n(31)\n .set n,n+1\n .endr\n"
    " ld 0,48(1)\n std 0,248(31)\n"
    " mfcr 4\n std 4,256(31)\n mfxer 4\n std 4,264(31)\n mflr 4\n std 4,272(31)\n mfctr 4\n std 4,280(31)\n"
    " addi 5,31,320\n .set n,0\n .rept 64\n stxvd2x n,0,5\n addi 5,5,16\n .set n,n+1\n .endr\n"
    " mfvscr 0\n addi 5,31,288\n stxvd2x 32,0,5\n mffs 0\n stfd 0,288(31)\n"
    "1: ld 0,528(1)\n mtlr 0\n ld 0,16(1)\n mtcr 0\n ld 2,24(1)\n ld 13,32(1)\n"
    " .set n,14\n .rept 18\n ld n,64+8*(n-14)(1)\n .set n,n+1\n .endr\n"
    " addi 1,1,512\n blr\n"
    ".globl trapped\ntrapped:\n lis 4,3\n ld 1,0(4)\n ld 31,40(1)\n std 3,1856(31)\n b 1b\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r0 __asm__("r0") = number, r3 __asm__("r3") = a, r4 __asm__("r4") = b, r5 __asm__("r5") = c;
    register long r6 __asm__("r6") = d, r7 __asm__("r7") = e, r8 __asm__("r8") = f;
    __asm__ volatile("sc\n bns+ 1f\n neg 3,3\n1:"
        : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8) : : "r9", "r10", "r11", "r12", "cr0", "ctr", "memory");
    return r3;
}

static int transfer(int number, void *data, long size)
{
    for (long done = 0; done < size;)
    {
        long n = call(number, number == 4, (long)data + done, size - done, 0, 0, 0);
        if (n <= 0)
            return 0;
        done += n;
    }
    return 1;
}

static void copy(volatile u64 *to, volatile u64 *from, int count)
{
    while (count-- > 0)
        *to++ = *from++;
}

void body(void)
{
    static const int signals[] = { 4, 5, 7, 8, 11 };
    for (long at = Code; at <= Control; at += 0x10000)
        if (call(90, at, 0x10000, 7, 0x32, -1, 0) != at) /* mmap: fixed, private, anonymous */
            call(1, 2, 0, 0, 0, 0, 0);
    for (int n = 0; n < 5; n++)
    {
        u64 action[4] = { (u64)trapped, 0x40000000, 0, 0 }; /* SA_NODEFER: the handler never returns */
        call(173, signals[n], (long)action, 0, 8, 0, 0);
    }
    while (transfer(3, &block, sizeof block))
    {
        copy((u64 *)Code, (u64 *)block.code, Words / 2);
        ((volatile u32 *)Code)[Words] = 0x48000002 | (u32)(u64)leave_code; /* ba */
        __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync" : : "r"(Code) : "memory");
        for (int n = 0; n < States; n++)
        {
            copy((u64 *)Scratch, block.states[n].scratch, ScratchBytes / 8);
            block.states[n].status[0] = 0;
            run(&block.states[n]);
            copy(block.states[n].scratch, (u64 *)Scratch, ScratchBytes / 8);
        }
        if (!transfer(4, block.states, sizeof block.states))
            break;
    }
    call(1, 0, 0, 0, 0, 0, 0);
}
