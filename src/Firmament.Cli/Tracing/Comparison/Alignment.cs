namespace Firmament.Cli.Tracing.Comparison;

/// <summary>
/// Finds what two long sequences have in common, in order: Myers' greedy algorithm as far as the differences are few, and between anchors (values that
/// both have once) where they are many; where there are none, window by window. Not always the longest common subsequence, but never slow.
/// </summary>
internal sealed class Alignment
{
    private const long MostSteps = 50_000_000;
    private const int MostEdits = 1000;
    private const int WindowEdits = 200;
    private readonly ulong[] _left;
    private readonly ulong[] _right;
    private readonly List<Match> _matches = [];
    private readonly Stack<(int Left, int LeftEnd, int Right, int RightEnd)> _open = new();

    private Alignment(ulong[] left, ulong[] right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>The matches by ascending index, none beside another.</summary>
    public static List<Match> Of(ulong[] left, ulong[] right)
    {
        Alignment alignment = new(left, right);
        alignment._open.Push((0, left.Length, 0, right.Length));
        while (alignment._open.TryPop(out (int Left, int LeftEnd, int Right, int RightEnd) range))
        {
            alignment.Align(range.Left, range.LeftEnd, range.Right, range.RightEnd);
        }

        return alignment.Joined();
    }

    private void Align(int left, int leftEnd, int right, int rightEnd)
    {
        int start = 0;
        while (left + start < leftEnd && right + start < rightEnd && _left[left + start] == _right[right + start])
        {
            start++;
        }

        Add(left, right, start);
        (left, right) = (left + start, right + start);
        int end = 0;
        while (leftEnd - end > left && rightEnd - end > right && _left[leftEnd - end - 1] == _right[rightEnd - end - 1])
        {
            end++;
        }

        (leftEnd, rightEnd) = (leftEnd - end, rightEnd - end);
        Add(leftEnd, rightEnd, end);
        int most = (int)Math.Min(MostEdits, Math.Max(16, MostSteps / ((long)leftEnd - left + rightEnd - right + 1)));
        if (left < leftEnd && right < rightEnd && !TryMyers(left, leftEnd, right, rightEnd, most, false, out _, out _)
            && !TrySplitAtAnchors(left, leftEnd, right, rightEnd))
        {
            AlignInWindows(left, leftEnd, right, rightEnd);
        }
    }

    /// <summary>Goes as far as some edits lead, again and again.</summary>
    private void AlignInWindows(int left, int leftEnd, int right, int rightEnd)
    {
        while (left < leftEnd && right < rightEnd && !TryMyers(left, leftEnd, right, rightEnd, WindowEdits, true, out int doneLeft, out int doneRight))
        {
            (left, right) = (left + doneLeft, right + doneRight);
        }
    }

    private void Add(int left, int right, int length)
    {
        if (length > 0)
        {
            _matches.Add(new(left, right, length));
        }
    }

    /// <summary>E. W. Myers, An O(ND) Difference Algorithm (1986), forward. False when so many edits do not lead to the end.</summary>
    /// <param name="left">Begin and end of what is aligned.</param>
    /// <param name="leftEnd">The same.</param>
    /// <param name="right">The same.</param>
    /// <param name="rightEnd">The same.</param>
    /// <param name="most">Edits.</param>
    /// <param name="takesPart">Where they do not, the matches of the longest path are kept all the same.</param>
    /// <param name="doneLeft">How far that path went in the left sequence.</param>
    /// <param name="doneRight">And in the right one.</param>
    private bool TryMyers(int left, int leftEnd, int right, int rightEnd, int most, bool takesPart, out int doneLeft, out int doneRight)
    {
        (int n, int m) = (leftEnd - left, rightEnd - right);
        (doneLeft, doneRight) = (0, 0);
        // furthest[d][k + d]: how far into the left sequence a path of d edits on diagonal k comes.
        List<int[]> furthest = [];
        for (int d = 0; d <= most; d++)
        {
            int[] row = new int[(2 * d) + 1];
            furthest.Add(row);
            for (int k = -d; k <= d; k += 2)
            {
                int x = d == 0 ? 0 : Step(furthest[d - 1], d, k, out _);
                while (x < n && x - k < m && _left[left + x] == _right[right + x - k])
                {
                    x++;
                }

                row[k + d] = x;
                if (x == n && x - k == m)
                {
                    Trace(furthest, d, k, left, right);
                    return true;
                }

                if (d == most && x <= n && x - k <= m && x + x - k > doneLeft + doneRight)
                {
                    (doneLeft, doneRight) = (x, x - k);
                }
            }
        }

        if (takesPart)
        {
            Trace(furthest, most, doneLeft - doneRight, left, right);
        }

        return false;
    }

    /// <summary>Where edit d begins on diagonal k: right of the path below or below the path to the right.</summary>
    private static int Step(int[] before, int d, int k, out int from)
    {
        // before[j + d - 1] is diagonal j.
        bool down = k == -d || (k != d && before[k - 1 + d - 1] < before[k + 1 + d - 1]);
        from = down ? k + 1 : k - 1;
        return down ? before[from + d - 1] : before[from + d - 1] + 1;
    }

    private void Trace(List<int[]> furthest, int d, int k, int left, int right)
    {
        for (; d >= 0; d--)
        {
            int end = furthest[d][k + d];
            int from = k;
            int start = d == 0 ? 0 : Step(furthest[d - 1], d, k, out from);
            Add(left + start, right + start - k, end - start);
            k = from;
        }
    }

    private bool TrySplitAtAnchors(int left, int leftEnd, int right, int rightEnd)
    {
        // Value to its place; -1 when it is there twice.
        Dictionary<ulong, int> places = [];
        for (int i = left; i < leftEnd; i++)
        {
            places[_left[i]] = places.ContainsKey(_left[i]) ? -1 : i;
        }

        Dictionary<ulong, int> others = [];
        for (int i = right; i < rightEnd; i++)
        {
            others[_right[i]] = others.ContainsKey(_right[i]) ? -1 : i;
        }

        List<(int Left, int Right)> anchors = Ascending(
            [.. others.Where(entry => entry.Value >= 0 && places.GetValueOrDefault(entry.Key, -1) >= 0).Select(entry => (places[entry.Key], entry.Value)).Order()]);
        if (anchors.Count == 0)
        {
            return false;
        }

        foreach ((int a, int b) in anchors)
        {
            _open.Push((left, a, right, b));
            Add(a, b, 1);
            (left, right) = (a + 1, b + 1);
        }

        _open.Push((left, leftEnd, right, rightEnd));
        return true;
    }

    /// <summary>The longest selection whose right places ascend too (patience sorting).</summary>
    private static List<(int Left, int Right)> Ascending((int Left, int Right)[] pairs)
    {
        List<int> tops = [];
        int[] previous = new int[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            (int low, int high) = (0, tops.Count);
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = pairs[tops[middle]].Right < pairs[i].Right ? (middle + 1, high) : (low, middle);
            }

            previous[i] = low == 0 ? -1 : tops[low - 1];
            if (low == tops.Count)
            {
                tops.Add(i);
            }
            else
            {
                tops[low] = i;
            }
        }

        List<(int Left, int Right)> selection = [];
        for (int i = tops.Count == 0 ? -1 : tops[^1]; i >= 0; i = previous[i])
        {
            selection.Add(pairs[i]);
        }

        selection.Reverse();
        return selection;
    }

    private List<Match> Joined()
    {
        _matches.Sort(static (a, b) => a.Left.CompareTo(b.Left));
        List<Match> joined = [];
        foreach (Match match in _matches)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Left + last.Length == match.Left && last.Right + last.Length == match.Right)
            {
                joined[^1] = last with { Length = last.Length + match.Length };
            }
            else
            {
                joined.Add(match);
            }
        }

        return joined;
    }
}
