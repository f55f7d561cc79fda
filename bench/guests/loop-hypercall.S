/* For bench/run parts, on pseries: ten thousand H_SET_SPRG0 (LoPAPR 1.1 14.5.4.3.1), which does next to nothing, then a character; for ever. */
    .section .text.start, "ax"
    .globl _start
    .machine "power7"
_start:
    li 29, 10000
inner:
    li 3, 0x24
    mr 4, 29
    sc 1
    addic. 29, 29, -1
    bne inner
    li 3, 0x58
    li 4, 0
    li 5, 1
    li 6, '!'
    sldi 6, 6, 56
    sc 1
    b _start
