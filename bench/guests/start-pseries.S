/* The same through H_PUT_TERM_CHAR (LoPAPR 1.1 16.6) on the partition's first terminal: one character, in the first byte of r6. */
    .section .text.start, "ax"
    .globl _start
    .machine "power7"
_start:
    li 3, 0x58
    li 4, 0
    li 5, 1
    li 6, '!'
    sldi 6, 6, 56
    sc 1
    b .
