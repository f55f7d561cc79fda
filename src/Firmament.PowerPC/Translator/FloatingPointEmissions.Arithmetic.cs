using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <content>Arithmetic. The fast path needs RN = nearest, FEX = XE = 0, XX = 1 and a result that is safely normal; of these the last two may fail
/// without the handler: an exact zero is found and an exact or inexact result told apart out of line.</content>
internal sealed unsafe partial class FloatingPointEmissions
{
    /// <summary>FPSCR bits that send an instruction to its handler.</summary>
    private const uint Blocking = Fpscr.FEX | Fpscr.XE | Fpscr.RN;

    // Biased exponents of results that neither overflow nor count as tiny (HostArithmetic has them narrower, for its error terms).
    private const uint Floor = 2;
    private const uint Top = 0x7fd;
    private const uint SingleFloor = 1023 - 124;
    private const uint SingleTop = 1023 + 126;

    // As in HostArithmetic: where the error terms of operations are exact.
    private const uint ResidualFloor = 63;
    private const uint DividendFloor = 128;

    // The lower 29 bits of a double that lies midway between two singles.
    private const int SingleTail = 0x1fff_ffff;
    private const int SingleMidway = 0x1000_0000;

    private readonly List<FloatColdPath> _arithmetic = [];

    private void Arithmetic(FloatForm form)
    {
        RequireFacility(form.IsVsx);
        FloatColdPath path = new(form, A.NewLabel(), A.NewLabel(), A.NewLabel(), A.NewLabel(), _e.SlowExit());
        _arithmetic.Add(path);
        Compute(form);
        CheckResult(path);
        A.Place(path.InRange);
        if (form.Single)
        {
            A.DoubleToSingle(S, R);
            A.SingleToDouble(S, S);
        }

        A.Load(HostRegister.Rax, StateOffset.Fpscr, false);
        A.Alu(AluOperation.And, HostRegister.Rax, (int)(Blocking | Fpscr.XX), false);
        A.Alu(AluOperation.Compare, HostRegister.Rax, (int)Fpscr.XX, false);
        A.Jump(Condition.NotEqual, path.Status);
        A.Place(path.Commit);
        Keep(form);
        XmmRegister result = form.Single ? S : R;
        if (form.IsNegated)
        {
            A.SignBits(E);
            A.Logical(LogicalOperation.Xor, E, E, result);
            result = E;
        }

        Write(form.T, result, form.IsVsx);
        Record(form.Record);
    }

    /// <summary>R becomes the result, rounded to double; X, Y and Z hold the operands.</summary>
    private void Compute(FloatForm form)
    {
        if (form.Operation == FloatOperation.FromSigned)
        {
            A.Load(HostRegister.Rax, StateOffset.Vsr(form.X, 1), true);
            A.ClearVector(R);
            A.IntegerToDouble(R, R, HostRegister.Rax);
            return;
        }

        if (form.Operation == FloatOperation.RoundToSingle)
        {
            Read(form.X, R);
            return;
        }

        Read(form.X, X);
        if (form.HasSecond)
        {
            Read(form.Y, Y);
        }

        if (form.IsFused)
        {
            Read(form.Z, Z);
            A.MoveDouble(R, X);
            bool subtracts = form.Operation is FloatOperation.MultiplySubtract or FloatOperation.NegativeMultiplySubtract;
            A.Fused(subtracts ? FusedOperation.Subtract213 : FusedOperation.Add213, R, Y, Z);
            return;
        }

        switch (form.Operation)
        {
            case FloatOperation.Add: A.Scalar(ScalarOperation.Add, R, X, Y); break;
            case FloatOperation.Subtract: A.Scalar(ScalarOperation.Subtract, R, X, Y); break;
            case FloatOperation.Multiply: A.Scalar(ScalarOperation.Multiply, R, X, Y); break;
            case FloatOperation.Divide: A.Scalar(ScalarOperation.Divide, R, X, Y); break;
            default: A.Scalar(ScalarOperation.SquareRoot, R, X, X); break;
        }
    }

    private void CheckResult(FloatColdPath path)
    {
        FloatForm form = path.Form;
        bool fromInteger = form.Operation == FloatOperation.FromSigned;
        if (fromInteger && !form.Single)
        {
            return;
        }

        A.MoveBits(HostRegister.Rax, R, true);
        if (form.MayRoundTwice)
        {
            A.Move(HostRegister.Rcx, HostRegister.Rax, false);
            A.Alu(AluOperation.And, HostRegister.Rcx, SingleTail, false);
            A.Alu(AluOperation.Compare, HostRegister.Rcx, SingleMidway, false);
            A.Jump(Condition.Equal, path.Slow);
        }

        if (!fromInteger)
        {
            TestExponent(form.Single ? SingleFloor : Floor, form.Single ? SingleTop : Top, path.Range);
        }
    }

    /// <summary>Goes elsewhere when the biased exponent of the double in rax is outside a range. Changes rax.</summary>
    private void TestExponent(uint floor, uint top, CodeLabel outside)
    {
        A.Shift(ShiftOperation.Right, HostRegister.Rax, 32, true);
        A.LoadAddress(HostRegister.Rax, new MemoryOperand(HostRegister.Rax, HostRegister.Rax, -(int)(floor << 21)), false);
        A.Alu(AluOperation.Compare, HostRegister.Rax, (int)((top - floor + 1) << 21), false);
        A.Jump(Condition.AboveOrEqual, outside);
    }

    private void TestExponent(XmmRegister value, uint floor, CodeLabel outside)
    {
        A.MoveBits(HostRegister.Rax, value, true);
        TestExponent(floor, Top, outside);
    }

    /// <summary>Makes the operation pending.</summary>
    private void Keep(FloatForm form)
    {
        switch (form.Operation)
        {
            case FloatOperation.FromSigned:
                A.Load(HostRegister.Rax, StateOffset.Vsr(form.X, 1), true);
                A.Store(StateOffset.FloatOperand(0), HostRegister.Rax, true);
                break;
            case FloatOperation.RoundToSingle:
                A.StoreDouble(StateOffset.FloatOperand(0), R);
                break;
            default:
                A.StoreDouble(StateOffset.FloatOperand(0), X);
                if (form.HasSecond)
                {
                    A.StoreDouble(StateOffset.FloatOperand(1), Y);
                }

                if (form.IsFused)
                {
                    A.StoreDouble(StateOffset.FloatOperand(2), Z);
                }

                break;
        }

        A.StoreImmediate(StateOffset.FloatPending, form.Pending, false);
    }

    /// <summary>The result is not safely normal: all but an exact zero goes to the handler.</summary>
    private void WriteRange(FloatColdPath path)
    {
        FloatForm form = path.Form;
        A.Place(path.Range);
        if (form.Operation == FloatOperation.FromSigned)
        {
            return;
        }

        JumpUnlessZero(R, path.Slow);
        switch (form.Operation)
        {
            case FloatOperation.Multiply:
                JumpIfZero(X, path.InRange);
                JumpIfZero(Y, path.InRange);
                A.Jump(path.Slow);
                return;
            case FloatOperation.Divide:
                JumpUnlessZero(X, path.Slow);
                break;
            case >= FloatOperation.MultiplyAdd:
                JumpIfZero(X, path.InRange);
                JumpIfZero(Y, path.InRange);
                // A product that cancels an addend this large cannot have lost bits below the denormals.
                TestExponent(Z, ResidualFloor, path.Slow);
                break;
        }

        A.Jump(path.InRange);
    }

    /// <summary>FPSCR: the handler for what blocks; else XX is 0, and the exact error decides whether it is to be raised.</summary>
    private void WriteStatus(FloatColdPath path)
    {
        FloatForm form = path.Form;
        A.Place(path.Status);
        A.Test(HostRegister.Rax, (int)Blocking, false);
        A.Jump(Condition.NotEqual, path.Slow);
        CodeLabel inexact = A.NewLabel();
        CodeLabel extreme = A.NewLabel();
        Error(form, inexact, extreme, path.Slow);
        if (form.Single)
        {
            A.CompareDouble(S, R);
            A.Jump(Condition.NotEqual, inexact);
        }

        A.Jump(path.Commit);
        A.Place(inexact);
        RaiseInexact();
        A.Jump(path.Commit);
        A.Place(extreme);
        // A zero was found exact; the error of other extreme results is the handler's.
        JumpIfZero(R, path.Commit);
        A.Jump(path.Slow);
    }

    /// <summary>Goes to <paramref name="inexact"/> when R is not the exact result. The error terms are those of <see cref="HostArithmetic"/>.</summary>
    private void Error(FloatForm form, CodeLabel inexact, CodeLabel extreme, CodeLabel slow)
    {
        switch (form.Operation)
        {
            case FloatOperation.RoundToSingle:
                return;
            case FloatOperation.FromSigned:
                // 2^63, the one double out of range, comes back as -2^63, which no integer that was rounded up to it is.
                A.TruncateToInteger(HostRegister.Rax, R);
                A.Alu(AluOperation.Compare, HostRegister.Rax, StateOffset.Vsr(form.X, 1), true);
                A.Jump(Condition.NotEqual, inexact);
                return;
            case FloatOperation.Add:
                TwoSum(X, Y, R);
                break;
            case FloatOperation.Subtract:
                // a - b = a + (-b).
                A.SignBits(G);
                A.Logical(LogicalOperation.Xor, G, G, Y);
                TwoSum(X, G, R);
                break;
            case FloatOperation.Multiply:
                TestExponent(R, ResidualFloor, extreme);
                A.MoveDouble(E, R);
                A.Fused(FusedOperation.NegateAdd231, E, X, Y);
                break;
            case FloatOperation.Divide:
                TestExponent(R, ResidualFloor, extreme);
                TestExponent(X, DividendFloor, slow);
                A.MoveDouble(E, X);
                A.Fused(FusedOperation.NegateAdd231, E, R, Y);
                break;
            case FloatOperation.SquareRoot:
                TestExponent(X, DividendFloor, extreme);
                A.MoveDouble(E, X);
                A.Fused(FusedOperation.NegateAdd231, E, R, R);
                break;
            default:
                TestExponent(R, ResidualFloor, extreme);
                FusedError(form, slow);
                break;
        }

        A.ClearVector(F);
        A.CompareDouble(E, F);
        A.Jump(Condition.NotEqual, inexact);
    }

    /// <summary>Knuth's two-sum: E = a + b - sum, exactly. Changes F.</summary>
    private void TwoSum(XmmRegister a, XmmRegister b, XmmRegister sum)
    {
        A.Scalar(ScalarOperation.Subtract, E, sum, a);
        A.Scalar(ScalarOperation.Subtract, F, sum, E);
        A.Scalar(ScalarOperation.Subtract, F, a, F);
        A.Scalar(ScalarOperation.Subtract, E, b, E);
        A.Scalar(ScalarOperation.Add, E, F, E);
    }

    /// <summary>Boldo and Muller's error of a fused multiply-add, as <see cref="HostArithmetic.MultiplyAdd"/> has it. E = X · Y ± Z - R.</summary>
    private void FusedError(FloatForm form, CodeLabel slow)
    {
        const XmmRegister product = XmmRegister.Xmm8;
        const XmmRegister productLow = XmmRegister.Xmm9;
        const XmmRegister addend = XmmRegister.Xmm10;
        const XmmRegister high = XmmRegister.Xmm11;
        const XmmRegister low = XmmRegister.Xmm12;
        const XmmRegister sum = XmmRegister.Xmm13;
        A.Scalar(ScalarOperation.Multiply, product, X, Y);
        TestExponent(product, ResidualFloor, slow);
        if (form.Operation is FloatOperation.MultiplySubtract or FloatOperation.NegativeMultiplySubtract)
        {
            A.SignBits(addend);
            A.Logical(LogicalOperation.Xor, addend, addend, Z);
        }
        else
        {
            A.MoveDouble(addend, Z);
        }

        A.MoveDouble(productLow, product);
        A.Fused(FusedOperation.Subtract231, productLow, X, Y);
        A.Scalar(ScalarOperation.Add, high, addend, productLow);
        TwoSum(addend, productLow, high);
        A.MoveDouble(low, E);
        A.Scalar(ScalarOperation.Add, sum, product, high);
        TwoSum(product, high, sum);
        A.Scalar(ScalarOperation.Subtract, sum, sum, R);
        A.Scalar(ScalarOperation.Add, E, sum, E);
        A.Scalar(ScalarOperation.Add, E, E, low);
    }

    private void JumpIfZero(XmmRegister value, CodeLabel label) => JumpByZero(value, Condition.Equal, label);

    private void JumpUnlessZero(XmmRegister value, CodeLabel label) => JumpByZero(value, Condition.NotEqual, label);

    /// <summary>Shifting the sign out leaves 0 of either zero, and of nothing else.</summary>
    private void JumpByZero(XmmRegister value, Condition condition, CodeLabel label)
    {
        A.MoveBits(HostRegister.Rax, value, true);
        A.Alu(AluOperation.Add, HostRegister.Rax, HostRegister.Rax, true);
        A.Jump(condition, label);
    }
}
