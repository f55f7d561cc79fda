using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <content>Saved state: everything a run that waits needs to go on.</content>
internal sealed partial class ForthEngine
{
    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("data-space", Memory);
        state.Component("dictionary", Dictionary);
        state.Component("compiler", Compiler);
        state.Component("sources", Input);
        state.Component("output", Output);
        state.Component("numbers", Numbers);
        state.Component("terminal", Terminal);
        state.Component("waiting", Waiting);
        state.Component("devices", Devices);
        state.Component("fcode", FCode);
        state.Field("sp", ref _sp);
        state.Field("rp", ref _rp);
        state.Field("ip", ref _ip);
        state.Field("catches", ref _catchCount);
        state.Field("data-floor", ref _dataFloor);
        state.Field("return-floor", ref _returnFloor);
        state.Field("catch-floor", ref _catchFloor);
        state.Field("source-floor", ref _sourceFloor);
        state.Field("self", ref _self);
        state.Field("steps", ref _steps);
        state.Field("fault", ref _fault);
        state.Field("fault-ends-run", ref _faultEndsRun);
        state.Field("next", ref _next);
        state.Field("running", ref _running);
        state.Field("nesting", ref _nesting);
        state.Field("may-block", ref _mayBlock);
        state.Text("message", ref _message);
        state.Text("culprit", ref _culprit);
        int outcome = (int)_outcome;
        int result = Result;
        state.Field("outcome", ref outcome);
        state.Field("result", ref result);
        (_outcome, Result) = ((RunOutcome)outcome, result);
        if (state.IsLoading)
        {
            Clamp();
        }

        VisitCells(state, "data", _data.AsSpan(0, _sp));
        VisitCells(state, "return", _return.AsSpan(0, _rp));
        foreach (ref CatchFrame frame in _catches.AsSpan(0, _catchCount))
        {
            frame.Visit(state);
        }
    }

    private static void VisitCells(StateVisitor state, string name, Span<int> cells)
    {
        foreach (ref int cell in cells)
        {
            state.Field(name, ref cell);
        }
    }

    private void Clamp()
    {
        _sp = Math.Clamp(_sp, 0, DataCells);
        _rp = Math.Clamp(_rp, 0, ReturnCells);
        _catchCount = Math.Clamp(_catchCount, 0, MostCatches);
        _dataFloor = Math.Clamp(_dataFloor, 0, _sp);
        _returnFloor = Math.Clamp(_returnFloor, 0, _rp);
        _catchFloor = Math.Clamp(_catchFloor, 0, _catchCount);
        _sourceFloor = Math.Clamp(_sourceFloor, 0, InputSources.MostSources);
        _nesting = Math.Clamp(_nesting, 0, 1);
    }
}
